// What every tile, cell, row and legend of the boards says: node frames.cjs FOLDER INPUT OUTPUT
// FOLDER has the packages of package.json; INPUT is {boards, situations: {situation: {board: {panel: {refId: answer}}}}}
// with Prometheus' answers as they came; OUTPUT becomes {version: {situation: {board: [panel]}}}.
// Display processors, mappings, thresholds, units, reducers, overrides and transformations are Grafana's own code, of two
// versions. Not in its npm packages, so said here in our own words: how its Prometheus data source makes frames, how a
// stat picks name or value, how a table sorts, and what a state timeline does with mergeValues.
'use strict';
const fs = require('fs');
const path = require('path');
const { createRequire } = require('module');

const [folder, input, output] = process.argv.slice(2);
const packages = createRequire(path.resolve(folder, 'package.json'));
const { lastValueFrom, of } = packages('rxjs');
const wanted = JSON.parse(fs.readFileSync(input, 'utf8'));

const newest = packages('grafana-data-13');
globalThis.window = {};  // 11.1 looks for one; what 13.2 loads would take us for a browser, so that comes first
const eldest = packages('grafana-data-11');
globalThis.navigator ??= { language: 'vi', languages: ['vi'] };  // times of day, as a browser of the office has them

const VERSIONS = {
  // custom options that the panel plugins of that version know; others are not seen by them
  '11.1.0': { data: eldest, custom: ['width', 'align', 'cellOptions', 'hidden', 'minWidth', 'filterable'] },
  '13.2.2': { data: newest, custom: ['width', 'align', 'cellOptions', 'hidden', 'hideFrom', 'wrapText', 'minWidth', 'filterable'] },
};
const DRAWN = ['fillOpacity', 'spanNulls', 'lineWidth', 'drawStyle', 'thresholdsStyle', 'showPoints'];

function kit({ data, custom }) {
  const option = (id, process, name = id, isCustom = false) =>
    ({ id, path: name, name, isCustom, process, shouldApply: () => true, settings: {}, editor: () => null, override: () => null });
  const standard = Object.entries({
    displayName: data.displayNameOverrideProcessor, unit: data.unitOverrideProcessor, min: data.numberOverrideProcessor,
    max: data.numberOverrideProcessor, decimals: data.numberOverrideProcessor, thresholds: data.thresholdsOverrideProcessor,
    mappings: data.valueMappingsOverrideProcessor, color: data.identityOverrideProcessor, noValue: data.identityOverrideProcessor,
    links: data.identityOverrideProcessor,
  }).map(([id, process]) => option(id, process));
  const registry = new data.FieldConfigOptionsRegistry();
  const others = [...custom, ...DRAWN].map((name) => option(`custom.${name}`, data.identityOverrideProcessor, name, true));
  for (const each of [...standard, ...others]) registry.register(each);
  data.standardFieldConfigEditorRegistry.setInit?.(() => standard);
  return { data, custom, registry, theme: data.createTheme() };
}

// the data source: a frame a series; a table has a column for each label and one for the value, which is called by its
// letter only where several queries answer
function framesOf({ data }, panel, answers) {
  const tables = panel.targets.filter(({ format }) => format === 'table');
  return panel.targets.flatMap((target) => {
    const series = answers[target.refId] ?? [];
    if (target.format === 'table') return [tableOf(data, target, series, tables.length)];
    if (!series.length) return [data.toDataFrame({ refId: target.refId, fields: [] })];
    return series.map((one) => seriesOf(data, target, one));
  });
}

function tableOf(data, { refId }, rows, queries) {
  if (!rows.length && queries === 1) return data.toDataFrame({ refId, fields: [] });
  const { FieldType } = data;
  const names = [...new Set(rows.flatMap(({ metric }) => Object.keys(metric).sort()))];
  return data.toDataFrame({ refId, fields: [
    { name: 'Time', type: FieldType.time, config: {}, values: rows.map(({ value }) => value[0] * 1000) },
    ...names.map((name) => ({ name, type: FieldType.string, config: { filterable: true }, values: rows.map(({ metric }) => metric[name] ?? '') })),
    { name: queries > 1 ? `Value #${refId}` : 'Value', type: FieldType.number, config: {}, values: rows.map(({ value }) => number(value[1])) },
  ] });
}

function seriesOf(data, target, { metric, values, value }) {
  const { FieldType } = data, points = values ?? [value], name = legend(target, metric);
  return data.toDataFrame({ refId: target.refId, name, fields: [
    { name: 'Time', type: FieldType.time, config: {}, values: points.map(([at]) => at * 1000) },
    { name: metric.__name__ ?? 'Value', type: FieldType.number, config: { displayNameFromDS: name }, labels: metric, values: points.map(([, found]) => number(found)) },
  ] });
}

function legend({ legendFormat, expr }, metric) {
  if (legendFormat) return legendFormat.replace(/\{\{\s*(.+?)\s*\}\}/g, (_, label) => metric[label] ?? '');
  const labels = Object.entries(metric).filter(([label]) => label !== '__name__').map(([label, value]) => `${label}="${value}"`);
  const written = `${metric.__name__ ?? ''}${labels.length ? `{${labels.sort().join(', ')}}` : ''}`;
  return written || expr;
}

const number = (text) => (/^[+-]?inf/i.test(text) ? (text[0] === '-' ? -Infinity : Infinity) : parseFloat(text));

async function transformed({ data, registry, theme }, panel, frames, timeZone) {
  let found = frames;
  for (const { id, options } of panel.transformations ?? []) {
    const known = Object.values(data.standardTransformers).find((each) => each.id === id);
    if (!known) throw new Error(`no transformation ${id}`);
    found = await lastValueFrom(of(found).pipe(known.operator(options, { interpolate: (text) => text })));
  }
  return data.applyFieldOverrides({
    data: found, fieldConfig: structuredClone(panel.fieldConfig), theme, replaceVariables: (text) => text, fieldConfigRegistry: registry, timeZone,
  });
}

// a stat: one tile a series, or the words for nothing in the colour of nothing
function tiles({ data, theme }, panel, frames, timeZone) {
  const values = data.getFieldDisplayValues({
    fieldConfig: panel.fieldConfig, reduceOptions: panel.options.reduceOptions, replaceVariables: (text) => text, theme, data: frames, timeZone,
  });
  return values.map(({ display }) => {
    let mode = panel.options.textMode;
    if (mode === 'auto') mode = values.length === 1 ? 'value' : 'value_and_name';
    const text = mode === 'name' ? display.title ?? '' : data.formattedValueToString(display);
    return { name: mode === 'value_and_name' ? display.title ?? '' : '', text, colour: colour(theme, display.color) };
  });
}

function table({ data, custom, theme }, panel, frames) {
  const [main] = frames;
  if (!main || !main.fields.length || !main.length) return { columns: main?.fields.map((field) => shown(data, field, main, frames)) ?? [], rows: [], frames: frames.length };
  const hidden = ({ config }) => Boolean((custom.includes('hidden') && config.custom?.hidden) || (custom.includes('hideFrom') && config.custom?.hideFrom?.viz));
  const columns = main.fields.filter((field) => !hidden(field));
  const order = [...Array(main.length).keys()];
  for (const { displayName, desc } of [...(panel.options.sortBy ?? [])].reverse()) {
    const field = main.fields.find((each) => shown(data, each, main, frames) === displayName);
    if (field) order.sort((a, b) => (desc ? -1 : 1) * compare(field.values[a], field.values[b]));
  }
  return {
    columns: columns.map((field) => shown(data, field, main, frames)),
    unsorted: (panel.options.sortBy ?? []).map(({ displayName }) => displayName).filter((name) => !main.fields.some((each) => shown(data, each, main, frames) === name)),
    rows: order.map((row) => columns.map((field) => {
      const display = field.display(field.values[row]), { type } = field.config.custom?.cellOptions ?? {};
      const found = { text: data.formattedValueToString(display) };
      if (type?.startsWith('color-')) found.colour = colour(theme, display.color);
      return found;
    })),
    frames: frames.length,
  };
}

function shown(data, field, frame, frames) { return data.getFieldDisplayName(field, frame, frames); }

function compare(one, other) {
  const rank = (value) => (value == null || Number.isNaN(value) ? -Infinity : value);
  if (typeof one === 'string' || typeof other === 'string') return String(one ?? '').localeCompare(String(other ?? ''));
  return rank(one) === rank(other) ? 0 : rank(one) < rank(other) ? -1 : 1;
}

// a state timeline: one row a series. With mergeValues and colours by thresholds Grafana (since 8.2) writes the step's own
// range in place of the value, in the step's colour: mappings are dropped. In every other case the value is displayed.
function timeline({ data, theme }, panel, frames) {
  return frames.flatMap((frame) => frame.fields.filter(({ type }) => type === data.FieldType.number).map((field) => {
    const { thresholds, color } = field.config;
    const merged = panel.options.mergeValues && color?.mode === 'thresholds' && thresholds?.steps.length;
    const states = [...new Map(field.values.map((value) => {
      if (value == null) return null;
      if (!merged) {
        const display = field.display(value);
        return { text: data.formattedValueToString(display), colour: colour(theme, display.color) };
      }
      const step = data.getActiveThreshold(value, thresholds.steps);
      return { text: `${step.value === -Infinity ? '<' : ''}${step.value}+`, colour: colour(theme, theme.visualization.getColorByName(step.color)) };
    }).filter(Boolean).map((state) => [JSON.stringify(state), state])).values()];
    return { name: shown(data, field, frame, frames), states };
  }));
}

function lines({ data, theme }, frames) {
  return frames.flatMap((frame) => frame.fields.filter(({ type }) => type === data.FieldType.number).map((field) => ({
    name: shown(data, field, frame, frames), text: data.formattedValueToString(field.display(field.values[field.values.length - 1])),
  })));
}

const NAMES = ['red', 'green', 'yellow', 'purple', 'blue', 'orange', 'gray', 'grey', 'text', 'transparent', 'dark-red', 'light-red', 'semi-dark-red'];
function colour(theme, found) {
  return NAMES.find((name) => theme.visualization.getColorByName(name) === found) ?? found ?? '';
}

async function say(kitOfVersion, panel, answers, timeZone) {
  const { id, title, type } = panel, head = { id, title, type };
  const frames = await transformed(kitOfVersion, panel, framesOf(kitOfVersion, panel, answers), timeZone);
  const nothing = !frames.some((frame) => frame.length) && type !== 'stat';
  const empty = nothing ? panel.fieldConfig.defaults.noValue ?? 'No data' : '';
  if (type === 'stat') return { ...head, tiles: tiles(kitOfVersion, panel, frames, timeZone) };
  if (type === 'table') return { ...head, empty, ...table(kitOfVersion, panel, frames) };
  if (type === 'state-timeline') return { ...head, empty, series: timeline(kitOfVersion, panel, frames) };
  if (type === 'timeseries') return { ...head, empty, series: lines(kitOfVersion, frames) };
  throw new Error(`no panel type ${type}`);
}

async function main() {
  const said = {};
  for (const [version, known] of Object.entries(VERSIONS)) {
    const made = kit(known);
    said[version] = {};
    for (const [situation, boards] of Object.entries(wanted.situations)) {
      said[version][situation] = {};
      for (const [name, answers] of Object.entries(boards)) {
        const board = wanted.boards[name], panels = board.panels.filter(({ type }) => type !== 'row');
        made.data.setTimeZoneResolver?.(() => board.timezone);
        said[version][situation][name] = [];
        for (const panel of panels) said[version][situation][name].push(await say(made, panel, answers[panel.id], board.timezone));
      }
    }
  }
  fs.writeFileSync(output, JSON.stringify(said));
}

main().catch((error) => { console.error(error.stack); process.exit(1); });
