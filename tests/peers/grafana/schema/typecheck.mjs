// typecheck.mjs FOLDER BOARD.json ... : are these boards values of Grafana's own types?
// FOLDER holds node_modules with @grafana/schema and typescript; check.ts is written there and compiled without output.
// One line a finding: board, panel, what the compiler says. Exit code 1 when there is any.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const TYPES = {
  timeseries: 'TimeSeries', stat: 'Stat', 'state-timeline': 'StateTimeline', 'status-history': 'StatusHistory', table: 'Table',
  bargauge: 'BarGauge', gauge: 'Gauge', text: 'Text', heatmap: 'Heatmap', piechart: 'PieChart', histogram: 'Histogram',
};
// Text from JSON is not assignable to a TypeScript enum, so Plain<T> turns every enum into its values; Partly<T>: nested
// fields may be left out, as Grafana fills them in. What a query holds is the data source's own business: Prometheus keeps
// the types of its queries and annotations in its plugin, outside @grafana/schema.
const HEAD = `import type * as s from '@grafana/schema';
type Plain<T> = 0 extends (1 & T) ? any : unknown extends T ? unknown : T extends string ? \`\${T}\`
  : T extends number | boolean | null | undefined ? T : T extends Array<infer U> ? Plain<U>[]
  : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;
type Partly<T> = T extends Array<any> ? T : T extends object ? { [K in keyof T]?: Partly<T[K]> } : T;
type Loose<T> = Partly<Plain<T>>;
interface PrometheusQuery extends s.DataQuery { expr: string; interval?: string }
type PrometheusMark = Plain<s.AnnotationQuery<PrometheusQuery> & { titleFormat?: string; expr?: string; step?: string }>;
`;

const [folder, ...boards] = process.argv.slice(2);
const lines = [...HEAD.split('\n')];
const places = [];   // for each line of the program: what it is about
const written = new Set();

function declare(place, type, value) {
  const text = `const v${lines.length}: ${type} = ${JSON.stringify(value, null, 1)};`;
  for (const line of text.split('\n')) { places[lines.length] = place; lines.push(line); }
}

function importOf(type) {
  const name = TYPES[type];
  if (!name || written.has(name)) return name;
  written.add(name);
  const folderOf = type.replace(/-/g, '');
  lines.push(`import type * as ${name} from '@grafana/schema/dist/esm/raw/composable/${folderOf}/panelcfg/x/${name}PanelCfg_types.gen';`);
  return name;
}

function panel(place, found) {
  if (found.type === 'row') return declare(place, 'Plain<s.RowPanel>', found);
  const name = importOf(found.type);
  const { options, fieldConfig: { defaults: { custom, ...defaults }, ...config }, ...rest } = found;
  declare(place, `Plain<Omit<s.Panel, 'options' | 'fieldConfig'>>`, rest);
  declare(`${place} fieldConfig`, `Plain<Omit<s.FieldConfigSource, 'defaults'>>`, config);
  declare(`${place} defaults`, `Loose<Omit<s.FieldConfig, 'custom'>>`, defaults);
  if (!name) return declare(place, `'a panel type that is checked here'`, found.type);
  if (custom && Object.keys(custom).length) declare(`${place} custom`, `Loose<${name}.FieldConfig>`, custom);
  if (options) declare(`${place} options`, `Loose<${name}.Options>`, options);
  // custom.hidden is how a column is hidden through 12.1; today's types have forgotten it
  for (const override of config.overrides) for (const { id, value } of override.properties)
    if (id.startsWith('custom.') && id !== 'custom.hidden') declare(`${place} ${id}`, `Loose<${name}.FieldConfig>`, { [id.slice(7)]: value });
}

for (const file of boards) {
  const { panels, annotations, ...top } = JSON.parse(fs.readFileSync(file, 'utf8'));
  const board = path.relative(process.cwd(), file);
  declare(board, `Plain<Omit<s.Dashboard, 'panels'>>`, top);
  const { list, ...others } = annotations ?? { list: [] };
  declare(`${board} annotations`, `Plain<Omit<s.AnnotationContainer, 'list'>>`, others);
  for (const mark of list) declare(`${board} annotation "${mark.name}"`, 'PrometheusMark', mark);
  for (const found of panels) panel(`${board} panel ${found.id} (${found.type}) "${found.title}"`, found);
}
lines.push('export {};', '');
fs.writeFileSync(path.join(folder, 'check.ts'), lines.join('\n'));
const tsc = path.join('node_modules', 'typescript', 'bin', 'tsc');
const options = '--noEmit --strict --skipLibCheck --target es2022 --module nodenext --moduleResolution nodenext --pretty false'.split(' ');
const done = spawnSync(process.execPath, [tsc, ...options, 'check.ts'], { cwd: folder, encoding: 'utf8' });
for (const line of done.stdout.split('\n')) {
  const found = /^check\.ts\((\d+),\d+\): error (TS\d+: .*)/.exec(line);
  if (found) console.log(`${places[found[1] - 1] ?? 'head'}: ${found[2]} <- ${lines[found[1] - 1].trim()}`);
  else if (line.trim()) console.log(`  ${line.trim()}`);
}
if (done.stderr) console.log(done.stderr);
process.exit(done.status === 0 ? 0 : 1);
