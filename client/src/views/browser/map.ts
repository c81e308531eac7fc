import type { AccessData } from '../../../../protocol/access';
import { filterRows, graphOf, type GroupBy, type MapFilter } from '../map/graph';
import { mapTable } from '../map/html';
import { layoutOf } from '../map/layout';
import { mapMermaid } from '../map/mermaid';
import { mapSvg } from '../map/svg';
import { countAccesses } from '../roles/model';
import { act, start } from './host';
import { moveByKey, showConnected } from './mapFocus';

/** Undefined until the user chose one: then as wide as there is room, down to what can be read. */
let zoom: number | undefined;
/** What is drawn, so that nothing is drawn again when only the focus changed. */
let drawn: { readonly data: AccessData; readonly key: string } | undefined;

function value(id: string): string {
  return (document.getElementById(id) as HTMLInputElement | HTMLSelectElement | null)?.value ?? '';
}

function filter(): MapFilter {
  const [text, cluster, namespace, role, decision] = ['text', 'cluster', 'namespace', 'role', 'decision'].map((name) =>
    value(`filter-${name}`),
  );
  return { text: text!, cluster: cluster!, namespace: namespace!, role: role!, decision: decision! };
}

function shown(data: AccessData) {
  const rows = filterRows(data.rows, filter());
  return { rows, graph: graphOf(rows, data.permissions, (value('group-by') || 'none') as GroupBy) };
}

function redraw(given: unknown): void {
  const map = document.getElementById('map');
  const data = given as AccessData | undefined;
  if (!map || !data) return;
  const key = JSON.stringify([filter(), value('group-by'), value('show-as')]);
  if (drawn?.data === data && drawn.key === key && map.childElementCount > 0) return;
  drawn = { data, key };
  const { rows, graph } = shown(data);
  const scroll = [map.scrollLeft, map.scrollTop] as const;
  const asTable = value('show-as') === 'table';
  map.innerHTML =
    rows.length === 0 ? '<p>Nothing matches.</p>' : (asTable ? mapTable(rows, data.permissions) : mapSvg(layoutOf(graph), 'page')).text;
  map.scrollTo(...scroll);
  applyZoom();
  const counts = countAccesses(rows);
  const all = rows.length === data.rows.length ? '' : 'Filtered: ';
  const summary = `${all}${counts.denied} can't assume, ${counts.unknown} unknown, ${counts.allowed} can assume`;
  const line = document.getElementById('summary')!;
  if (line.textContent !== summary) line.textContent = summary;
}

/** Between what can be read and the size as drawn. */
function fitting(width: number, least = 0.75): number {
  const room = document.getElementById('map')!.clientWidth;
  return Math.min(1, Math.max(least, room / width));
}

function applyZoom(): void {
  const svg = document.querySelector<SVGSVGElement>('#map > svg');
  if (!svg) return;
  const [, , width, height] = svg.getAttribute('viewBox')!.split(' ').map(Number);
  const scale = zoom ?? fitting(width!);
  svg.setAttribute('width', String(width! * scale));
  svg.setAttribute('height', String(height! * scale));
}

document.addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest<HTMLElement>('[data-zoom], [data-export]') : undefined;
  if (!button || !drawn) return;
  if (button.dataset['zoom'] !== undefined) {
    const width = Number(document.querySelector('#map > svg')?.getAttribute('viewBox')?.split(' ')[2] ?? 1);
    zoom =
      button.dataset['zoom'] === 'fit'
        ? fitting(width, 0.1)
        : Math.min(3, Math.max(0.2, (zoom ?? fitting(width)) * Number(button.dataset['zoom'])));
    applyZoom();
    return;
  }
  const { graph } = shown(drawn.data);
  if (button.dataset['export'] === 'mermaid') act('export', `mermaid\n${mapMermaid(graph)}`);
  else act('export', `svg\n${mapSvg(layoutOf(graph), 'file').text}\n`);
});
window.addEventListener('resize', applyZoom);
document.addEventListener('keydown', moveByKey);
for (const event of ['mouseover', 'focusin'] as const) document.addEventListener(event, showConnected);

start(redraw);
