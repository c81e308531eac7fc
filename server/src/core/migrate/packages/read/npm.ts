import { valueAt } from '../../../syntax/nodes';
import type { MapNode, Node } from '../../../syntax/tree';
import type { SdkPackage } from '../model';
import { npmSdk } from '../sdks';
import { jsonFile, scalarAt, type JsonFile, type ReadFile } from './json';

/**
 * package-lock.json and npm-shrinkwrap.json, versions 1 to 3. Source: npm documentation, package-lock.json. What is for
 * development alone, a link to a folder, and what comes from Git isn't among the packages.
 */
export function readNpmLock(text: string, read: ReadFile): SdkPackage[] {
  const file = jsonFile(text, read);
  const packages = valueAt(file.root, 'packages');
  return packages?.kind === 'map' ? ofPackages(packages, file) : ofDependencies(valueAt(file.root, 'dependencies'), file);
}

function ofPackages(packages: MapNode, { lineOf }: JsonFile): SdkPackage[] {
  const direct = new Set<string>();
  const inTree = 'node_modules/';
  for (const { key, value } of packages.entries)
    if (!key.value.includes(inTree))
      for (const kind of ['dependencies', 'optionalDependencies']) for (const name of keysOf(valueAt(value, kind))) direct.add(name);
  return packages.entries.flatMap(({ key, value }): SdkPackage[] => {
    const at = key.value.lastIndexOf(inTree);
    if (at < 0) return [];
    const folder = key.value.slice(at + inTree.length);
    const [name, version] = [scalarAt(value, 'name') ?? folder, scalarAt(value, 'version')];
    const sdk = npmSdk(name);
    if (!sdk || version === undefined || ['dev', 'devOptional', 'link'].some((flag) => scalarAt(value, flag) === 'true')) return [];
    if (isElsewhere(scalarAt(value, 'resolved'))) return [];
    // A package that is below another's is that one's own.
    return [{ sdk, name, version, line: lineOf(key), direct: direct.has(folder) && key.value.indexOf(inTree) === at }];
  });
}

function ofDependencies(root: Node | undefined, { lineOf }: JsonFile): SdkPackage[] {
  const found: SdkPackage[] = [];
  const levels = [root];
  for (let level = levels.pop(); level; level = levels.pop()) {
    if (level.kind !== 'map') continue;
    for (const { key, value } of level.entries) {
      const inner = valueAt(value, 'dependencies');
      if (inner) levels.push(inner);
      const written = scalarAt(value, 'version');
      const alias = written === undefined ? undefined : /^npm:(@?[^@]+)@(.+)$/.exec(written);
      const [name, version] = [alias?.[1] ?? key.value, alias?.[2] ?? written];
      const sdk = npmSdk(name);
      if (sdk && version !== undefined && scalarAt(value, 'dev') !== 'true') found.push({ sdk, name, version, line: lineOf(key) });
    }
  }
  return found;
}

/** Whether a package comes from Git or from a file: its version is that of a fork. */
export function isElsewhere(resolved: string | undefined): boolean {
  return resolved !== undefined && /^(?:git[+:]|file:|github:)/.test(resolved);
}

function keysOf(node: Node | undefined): string[] {
  return node?.kind === 'map' ? node.entries.map(({ key }) => key.value) : [];
}
