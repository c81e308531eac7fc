import { html, type Html } from '../html';
import { placeValue } from '../parts';
import { columns, type MapEdge } from './graph';
import { nodeHeight, type MapLayout, type PlacedNode } from './layout';

/** Characters of a label that fit into a node of a width. */
const characterWidth = 6.6;
const marks = { allowed: '✓', denied: '✗', unknown: '?' } as const;
const verdictWords = { allowed: 'can assume its role', denied: "can't assume its role", unknown: 'unknown' } as const;
const edgeMarks = { ...marks, overridden: '–', perhaps: '–' } as const;

/** Colours of a file of its own, which has no editor around it: each verdict differs by its dashes, too. */
const fileStyle = html`<style>
  svg {
    background: #fff;
    font: 12px sans-serif;
  }
  .node rect {
    fill: #f6f8fa;
    stroke: #8c959f;
  }
  .node.denied rect {
    stroke: #b3261e;
  }
  .node.unknown rect {
    stroke: #8a5a00;
  }
  text {
    fill: #1f2328;
  }
  .head {
    font-weight: 600;
  }
  .group rect {
    fill: none;
    stroke: #d0d7de;
  }
  .edge {
    fill: none;
    stroke: #8c959f;
  }
  .edge.allowed {
    stroke: #1a7f37;
  }
  .edge.denied {
    stroke: #b3261e;
    stroke-width: 2;
    stroke-dasharray: 8 4;
  }
  .edge.unknown {
    stroke: #8a5a00;
    stroke-dasharray: 2 4;
  }
  .edge.overridden,
  .edge.perhaps {
    stroke: #8c959f;
    stroke-dasharray: 1 6;
  }
  .sign.allowed {
    fill: #1a7f37;
  }
  .sign.denied {
    fill: #b3261e;
  }
  .sign.unknown {
    fill: #8a5a00;
  }
</style>`;

/** The map as SVG: for the page, whose style sheet knows the classes, or as a file that stands alone. */
export function mapSvg(layout: MapLayout, kind: 'page' | 'file'): Html {
  const { nodes, edges, groups, width, height } = layout;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const index = new Map(nodes.map((node, i) => [node.id, i]));
  const inFile = kind === 'file';
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    viewBox="-12 0 ${width + 24} ${height}"
    width="${width + 24}"
    height="${height}"
    role="group"
    aria-label="Access map: workloads, service accounts, roles, permissions"
  >
    ${inFile && fileStyle}${[...layout.columnsAt].map(
      ([column, x]) => html`<text class="head" x="${x}" y="20">${columns[column]}</text>`,
    )}${groups.map(
      (group) =>
        html`<g class="group"
          ><rect x="${group.x}" y="${group.y}" width="${group.width}" height="${group.height}" rx="4" /><text
            x="${group.x + 8}"
            y="${group.y + 15}"
            >${cut(group.label, group.width - 16)}<title>${group.label}</title></text
          ></g
        >`,
    )}${edges.map((edge) => shownEdge(edge, byId, index))}${nodes.map((node, i) => shownNode(node, i, inFile))}
  </svg>`;
}

function shownEdge(edge: MapEdge, byId: ReadonlyMap<string, PlacedNode>, index: ReadonlyMap<string, number>): Html | undefined {
  const [from, to] = [byId.get(edge.from), byId.get(edge.to)];
  if (!from || !to) return undefined;
  const [x1, y1, x2, y2] = [from.x + from.width, from.y + nodeHeight / 2, to.x, to.y + nodeHeight / 2];
  const half = (x2 - x1) / 2;
  const ends = html`data-from="${index.get(edge.from)}" data-to="${index.get(edge.to)}"`;
  return html`<path class="edge ${edge.verdict ?? 'use'}" ${ends} d="M${x1} ${y1}C${x1 + half} ${y1} ${x2 - half} ${y2} ${x2} ${y2}"
      >${edge.verdict !== undefined && html`<title>${edge.title}</title>`}</path
    >${
      edge.verdict !== undefined &&
      html`<text class="sign ${edge.verdict}" aria-hidden="true" x="${x2 - 14}" y="${y2 - 3}">${edgeMarks[edge.verdict]}</text>`
    }`;
}

/** A node. Its title is what a pointer that rests on it shows, and its name for screen readers. */
function shownNode(node: PlacedNode, i: number, inFile: boolean): Html {
  const { x, y, width, label, title, decision, place } = node;
  const marked = node.column === 1 && decision !== undefined ? `${marks[decision]} ${label}` : label;
  const behaviour = html`tabindex="${i === 0 ? 0 : -1}" role="${place ? 'link' : 'img'}" data-node="${i}" data-column="${node.column}"
  ${place && html`data-act="open" data-value="${placeValue(place)}"`}`;
  return html`<g class="node ${decision ?? ''} ${place ? 'placed' : ''}" ${inFile ? undefined : behaviour}
    ><rect x="${x}" y="${y}" width="${width}" height="${nodeHeight}" rx="4" /><text x="${x + 8}" y="${y + 17}"
      >${cut(marked, width - 16)}</text
    ><title>
      ${title}${node.column === 1 && decision !== undefined ? `, ${verdictWords[decision]}` : ''}${place && ` (${place.label})`}
    </title></g
  >`;
}

/** A label as long as fits; its middle is left out, since names differ at both ends. */
function cut(label: string, width: number): string {
  const most = Math.floor(width / characterWidth);
  const characters = [...label];
  if (characters.length <= most) return label;
  const head = Math.ceil((most - 1) / 2);
  return `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (most - 1 - head)).join('')}`;
}
