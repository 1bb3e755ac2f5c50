// Draws a board from its JSON with Grafana's own components, data from Prometheus: window.WANTED says which and how wide.
// Tiles, tables, charts, transformations, units, mappings and thresholds are Grafana's code. State timelines are not in
// its npm packages: Timeline below is a stand-in that draws the same values in the same colours.
import React from 'react';
import { createRoot } from 'react-dom/client';
import { lastValueFrom, of } from 'rxjs';
import {
  applyFieldOverrides, createTheme, dateTime, displayNameOverrideProcessor, FieldConfigOptionsRegistry, FieldType,
  getDisplayProcessor, getFieldDisplayValues, identityOverrideProcessor, numberOverrideProcessor, setTimeZoneResolver,
  standardFieldConfigEditorRegistry, standardTransformers, ThemeContext, thresholdsOverrideProcessor, toDataFrame,
  unitOverrideProcessor, valueMappingsOverrideProcessor, VizOrientation,
} from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { BigValue, ErrorBoundary, GlobalStyles, PanelChrome, Table, TimeSeries, VizRepeater } from '@grafana/ui';
import 'uplot/dist/uPlot.min.css';

const { board, prometheus, minutes, chosen, width, dark } = window.WANTED;
const theme = createTheme({ colors: { mode: dark ? 'dark' : 'light' } });
const phone = width < 769;  // where Grafana puts one panel below the other
const to = Date.now(), from = to - minutes * 60_000, step = Math.max(5, Math.round(minutes * 60 / 300));
const range = { from: dateTime(from), to: dateTime(to), raw: { from: `now-${minutes}m`, to: 'now' } };
const timeZone = board.timezone;
Object.assign(chosen, { __rate_interval: `${Math.max(20, step)}s`, __range: `${minutes}m` });

const option = (id, process, path = id, isCustom = false) =>
  ({ id, path, name: id, isCustom, process, shouldApply: () => true, settings: {}, editor: () => null, override: () => null });
const standard = Object.entries({
  displayName: displayNameOverrideProcessor, unit: unitOverrideProcessor, min: numberOverrideProcessor, max: numberOverrideProcessor,
  decimals: numberOverrideProcessor, thresholds: thresholdsOverrideProcessor, mappings: valueMappingsOverrideProcessor,
  color: identityOverrideProcessor, noValue: identityOverrideProcessor, links: identityOverrideProcessor,
}).map(([id, process]) => option(id, process));
const custom = [
  'drawStyle', 'lineWidth', 'fillOpacity', 'lineInterpolation', 'showPoints', 'pointSize', 'axisPlacement', 'gradientMode',
  'spanNulls', 'stacking', 'scaleDistribution', 'thresholdsStyle', 'axisLabel', 'hideFrom', 'barAlignment', 'width', 'align',
  'cellOptions', 'wrapText', 'filterable',
].map((name) => option(`custom.${name}`, identityOverrideProcessor, name, true));
const registry = new FieldConfigOptionsRegistry();

async function frames(panel) {
  const answers = await Promise.all((panel.targets || []).map((target, _, all) => answer(target, all.length > 1)));
  let found = answers.flat();
  for (const { id, options } of panel.transformations || []) {
    const known = Object.values(standardTransformers).find((each) => each.id === id);
    found = await lastValueFrom(of(found).pipe(known.operator(options, { interpolate: (text) => text })));
  }
  return applyFieldOverrides({
    data: found, fieldConfig: panel.fieldConfig, theme, replaceVariables: (text) => text, fieldConfigRegistry: registry, timeZone,
  });
}

async function answer(target, among) {
  const expr = Object.entries(chosen).reduce((text, [name, value]) => text.replaceAll(`$${name}`, value), target.expr);
  const asked = target.instant ? { query: expr } : { query: expr, start: from / 1000, end: to / 1000, step };
  const kind = target.instant ? 'query' : 'query_range';
  const { status, error, data } = await (await fetch(`${prometheus}/api/v1/${kind}?${new URLSearchParams(asked)}`)).json();
  if (status !== 'success') throw new Error(`${expr}: ${error}`);
  return target.format === 'table' ? [tableOf(target, data.result, among)] : data.result.map((series) => seriesOf(target, series));
}

function tableOf(target, rows, among) {  // as Grafana's data source: a column for each label, the value last
  const names = [...new Set(rows.flatMap(({ metric }) => Object.keys(metric)))].sort();
  return toDataFrame({ refId: target.refId, fields: [
    ...names.map((name) => ({ name, type: FieldType.string, values: rows.map(({ metric }) => metric[name] ?? '') })),
    { name: among ? `Value #${target.refId}` : 'Value', type: FieldType.number, values: rows.map(({ value }) => Number(value[1])) },
  ] });
}

function seriesOf(target, { metric, values, value }) {
  const points = values || [value];
  const displayNameFromDS = target.legendFormat.replace(/{{(\w+)}}/g, (_, label) => metric[label] ?? '');
  return toDataFrame({ refId: target.refId, fields: [
    { name: 'Time', type: FieldType.time, values: points.map(([at]) => at * 1000) },
    { name: 'Value', type: FieldType.number, values: points.map(([, found]) => Number(found)), labels: metric, config: { displayNameFromDS } },
  ] });
}

function Tiles({ panel, data, width, height }) {
  const { reduceOptions, ...options } = panel.options;
  const getValues = () => getFieldDisplayValues({
    fieldConfig: panel.fieldConfig, reduceOptions, data, theme, replaceVariables: (text) => text, timeZone,
  });
  return <VizRepeater getValues={getValues} width={width} height={height} source={data} autoGrid renderCounter={0}
    orientation={options.orientation === 'auto' ? VizOrientation.Auto : options.orientation}
    renderValue={({ value, width, height }) =>
      <BigValue value={value.display} width={width} height={height} theme={theme} {...options} />} />;
}

function Timeline({ data, width, height }) {
  const name = Math.min(290, width / 3), row = Math.min(34, (height - 20) / data.length), scale = (width - name) / (to - from);
  return <div style={{ position: 'relative', fontSize: Math.min(13, row * 0.7) }}>{data.map(({ fields: [time, value] }, number) => {
    const display = getDisplayProcessor({ field: value, theme });
    return <div key={number} style={{ position: 'absolute', top: number * row, height: row }}>
      <div style={{ width: name - 8, overflow: 'hidden', whiteSpace: 'nowrap', textOverflow: 'ellipsis', textAlign: 'right' }}>
        {value.config.displayNameFromDS}</div>
      {time.values.map((at, point) => <div key={at} title={display(value.values[point]).text} style={{ position: 'absolute',
        left: name + (at - from) * scale, top: row * 0.08, width: step * 1000 * scale + 0.7, height: row * 0.84,
        background: display(value.values[point]).color }} />)}</div>; })}
    <div style={{ position: 'absolute', top: height - 18, left: name, right: 0, width: width - name, display: 'flex', justifyContent: 'space-between' }}>
      {[0, 1, 2, 3, 4].map((part) => <span key={part}>{new Date(from + (to - from) * part / 4).toLocaleTimeString('vi-VN', { timeZone, timeStyle: 'short' })}</span>)}</div></div>;
}

function Body(props) {
  const { panel, data, width, height } = props;
  if (!data.some((frame) => frame.length)) return <div style={{ padding: 8 }}>{panel.fieldConfig.defaults.noValue}</div>;
  if (panel.type === 'stat') return <Tiles {...props} />;
  if (panel.type === 'state-timeline') return <Timeline {...props} />;
  if (panel.type === 'table') return <Table data={data[0]} width={width} height={height} initialSortBy={panel.options.sortBy} cellHeight={panel.options.cellHeight} />;
  if (panel.type === 'timeseries') return <TimeSeries frames={data} timeRange={range} timeZone={timeZone} width={width} height={height}
    legend={{ calcs: [], ...panel.options.legend }} options={panel.options} />;
  return <div>{panel.type} is not drawn here</div>;
}

function places() {
  if (!phone) return board.panels.map(({ gridPos: { x, y, w, h } }) =>
    ({ left: x * width / 24, top: y * 38, width: w * width / 24 - 8, height: h * 38 - 8 }));
  let top = 0;
  return board.panels.map(({ gridPos: { h } }) => {
    const place = { left: 0, top, width: width - 8, height: h * 38 - 8 };
    top += h * 38;
    return place;
  });
}

async function main() {
  await initPluginTranslations('sansang').catch(() => {});
  setTimeZoneResolver(() => timeZone);
  standardFieldConfigEditorRegistry.setInit(() => standard);
  for (const each of [...standard, ...custom]) registry.register(each);
  const drawn = await Promise.all(board.panels.map(async (panel) => {
    if (panel.type === 'row') return { panel };
    return frames(panel).then((data) => ({ panel, data }), (error) => ({ panel, error }));
  }));
  const at = places();
  createRoot(document.getElementById('root')).render(<ThemeContext.Provider value={theme}><GlobalStyles />
    <div style={{ position: 'relative', width, background: theme.colors.background.canvas, fontFamily: 'Noto Sans' }}>
      {drawn.map(({ panel, data, error }, number) => <div key={panel.id} style={{ position: 'absolute', ...at[number] }}>
        {panel.type === 'row' ? <h4 style={{ paddingTop: 6 }}>{panel.title}</h4> :
          <PanelChrome title={panel.title} width={at[number].width} height={at[number].height}>{(w, h) => error ? <div data-error>{String(error)}</div> :
            <ErrorBoundary>{({ error: broken }) => broken ? <div data-error>{String(broken)}</div> :
              <Body panel={panel} data={data} width={w} height={h} />}</ErrorBoundary>}</PanelChrome>}</div>)}
    </div></ThemeContext.Provider>);
}
main().catch((error) => { document.body.textContent = `not drawn: ${error.stack}`; });
