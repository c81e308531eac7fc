import { readdirSync, realpathSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { isWithin } from '../paths';
import { treeOf } from '../tree';

/** A chart has some dozen files; the limit stands for a link to a folder that holds everything. */
const mostEntries = 20_000;

/**
 * A link in a chart that leads out of its repository (or, without one, of the chart): helm would follow it and render
 * what it finds there. The link's path; undefined if there is none. Kustomize refuses such links by itself.
 */
export function linkLeadingOut(chart: string): string | undefined {
  const tree = treeOf(chart);
  const seen = new Set<string>();
  const folders = [chart];
  let entries = 0;
  for (let folder = folders.pop(); folder !== undefined && entries < mostEntries; folder = folders.pop()) {
    const real = realOf(folder);
    if (real === undefined || seen.has(real)) continue;
    seen.add(real);
    for (const entry of entriesOf(folder)) {
      entries++;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) folders.push(path);
      if (!entry.isSymbolicLink()) continue;
      const target = realOf(path);
      if (target !== undefined && !isWithin(tree, target)) return path;
      if (target !== undefined && isFolder(target)) folders.push(path);
    }
  }
  return undefined;
}

/** None of a folder that cannot be read: helm cannot, either. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Undefined for a link to nothing. */
function realOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
