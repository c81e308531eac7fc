import { act } from './host';

/** Arrow keys go up and down a column, and along the edges; Enter opens what has the focus. */
export function moveByKey(event: KeyboardEvent): void {
  const node = event.target instanceof Element ? event.target.closest<SVGGElement>('[data-node]') : null;
  if (!node) return;
  const next =
    event.key === 'ArrowUp' || event.key === 'ArrowDown'
      ? beside(node, event.key === 'ArrowDown' ? 1 : -1)
      : event.key === 'ArrowRight' || event.key === 'ArrowLeft'
        ? along(node, event.key === 'ArrowRight')
        : undefined;
  if (event.key === 'Enter' || event.key === ' ') {
    const value = node.getAttribute('data-value');
    if (value !== null) act('open', value);
  } else if (!next) return;
  event.preventDefault();
  if (!next) return;
  // One node is reached by Tab: the last one that had the focus.
  for (const each of document.querySelectorAll('[data-node][tabindex="0"]')) each.setAttribute('tabindex', '-1');
  next.setAttribute('tabindex', '0');
  next.focus();
  next.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

function beside(node: SVGGElement, step: number): SVGGElement | undefined {
  const column = [...document.querySelectorAll<SVGGElement>('[data-node]')].filter(
    (each) => each.getAttribute('data-column') === node.getAttribute('data-column'),
  );
  const top = (each: SVGGElement): number => Number(each.querySelector('rect')!.getAttribute('y'));
  column.sort((a, b) => top(a) - top(b));
  return column[column.indexOf(node) + step];
}

function along(node: SVGGElement, isRight: boolean): SVGGElement | undefined {
  const own = node.getAttribute('data-node');
  const [from, to] = isRight ? ['data-from', 'data-to'] : ['data-to', 'data-from'];
  const edge = [...document.querySelectorAll('.edge')].find((each) => each.getAttribute(from) === own);
  const other = edge?.getAttribute(to);
  return [...document.querySelectorAll<SVGGElement>('[data-node]')].find((each) => each.getAttribute('data-node') === other);
}

/** Makes all that hangs on a node or an edge stand out, left and right of it. */
export function showConnected({ target }: Event): void {
  const svg = document.querySelector('#map > svg');
  if (!svg || !(target instanceof Element)) return;
  const node = target.closest('[data-node]')?.getAttribute('data-node');
  for (const each of svg.querySelectorAll('.connected')) each.classList.remove('connected');
  svg.classList.toggle('focused', node != null);
  if (node == null) return;
  const edges = [...svg.querySelectorAll('.edge[data-from]')].map((element) => ({
    element,
    from: element.getAttribute('data-from')!,
    to: element.getAttribute('data-to')!,
  }));
  const reached = new Set([node]);
  const follow = (from: 'from' | 'to', to: 'from' | 'to'): void => {
    let border = new Set([node]);
    while (border.size > 0) {
      const next = new Set<string>();
      for (const edge of edges) {
        if (!border.has(edge[from])) continue;
        edge.element.classList.add('connected');
        if (!reached.has(edge[to])) next.add(edge[to]);
        reached.add(edge[to]);
      }
      border = next;
    }
  };
  follow('from', 'to');
  follow('to', 'from');
  for (const each of svg.querySelectorAll('[data-node]')) if (reached.has(each.getAttribute('data-node')!)) each.classList.add('connected');
}
