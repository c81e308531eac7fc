import { folderKey, resolvePath } from '../config/paths';
import type { HelmDelivery, KustomizationFact } from '../model/facts';
import type { Text } from '../text/text';
import { literal } from '../text/texts';

/** The chart and the values files of a release as paths, where its paths count from one folder. */
export interface ReleasePaths {
  readonly chart?: string;
  /** In the order in which Helm takes them, the chart's own first. Alternatives are of one file. */
  readonly files: readonly (readonly string[])[];
  /** True where a path is not told, or leads out of the repository. */
  readonly open: boolean;
}

/** So many folders above a file may be its repository's root. */
const deepest = 40;

/** What a release's paths come to, for each folder that they may count from. */
export function pathsOfRelease({ doc, delivery }: KustomizationFact): readonly ReleasePaths[] {
  const release = delivery?.release;
  if (!release) return [];
  const own = folderKey(doc.uri);
  if (release.from === 'file') return [pathsFrom(own, release)];
  const found: ReleasePaths[] = [];
  for (let at = own; found.length < deepest; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
    found.push(pathsFrom(at, release));
    if (at === '') break;
  }
  return found;
}

function pathsFrom(base: string, { chart: written, files, withoutChartValues, open }: HelmDelivery): ReleasePaths {
  const chart = written && pathOf(base, written);
  // A chart that is the repository itself would be every folder.
  const isChart = chart !== undefined && chart !== base;
  const found: (readonly string[])[] = isChart && !withoutChartValues ? [[`${chart}/values.yaml`, `${chart}/values.yml`]] : [];
  let isOpen = open ?? false;
  for (const { path, from } of files) {
    const folder = from === 'chart' ? (isChart ? chart : undefined) : base;
    const file = folder === undefined ? undefined : pathOf(folder, path);
    if (file === undefined) isOpen = true;
    else found.push([file]);
  }
  return { ...(isChart ? { chart } : {}), files: found, open: isOpen };
}

function pathOf(folder: string, text: Text): string | undefined {
  const path = literal(text);
  return path === undefined || path === '' || path.startsWith('/') ? undefined : resolvePath(folder, path);
}

/** The folder of a chart that a file is a template of; undefined for other files. */
export function chartOfTemplate(path: string): string | undefined {
  const at = path.lastIndexOf('/templates/');
  return at > 0 && !path.includes('/', at + '/templates/'.length) ? path.slice(0, at) : undefined;
}
