import { valueAt } from '../../../syntax/nodes';
import { linesOf } from '../lines';
import type { SdkPackage } from '../model';
import { jsonFile, scalarAt, type ReadFile } from './json';
import { xmlElements } from './xml';

/** Gemfile.lock: gems of a registry. Source: Bundler. */
export function readGemfileLock(text: string): SdkPackage[] {
  const found: SdkPackage[] = [];
  let section = '';
  for (const [line, number] of linesOf(text)) {
    if (/^[A-Z]/.test(line)) section = line.trim();
    const version = section === 'GEM' ? /^ {4}aws-sdk-core \(([^)]+)\)$/.exec(line)?.[1] : undefined;
    if (version !== undefined) found.push({ sdk: 'ruby', name: 'aws-sdk-core', version, line: number });
  }
  return found;
}

/** composer.lock: what is for production. */
export function readComposerLock(text: string, read: ReadFile): SdkPackage[] {
  const { root, lineOf } = jsonFile(text, read);
  const packages = valueAt(root, 'packages');
  if (packages?.kind !== 'list') return [];
  return packages.items.flatMap((item): SdkPackage[] => {
    const version = scalarAt(item, 'version');
    const name = 'aws/aws-sdk-php';
    return scalarAt(item, 'name') === name && version !== undefined ? [{ sdk: 'php', name, version, line: lineOf(item) }] : [];
  });
}

const core = 'AWSSDK.Core';

/** packages.lock.json of NuGet. Packages of services have versions of their own; the one that finds credentials is in it with them. */
export function readNugetLock(text: string, read: ReadFile): SdkPackage[] {
  const { root, lineOf } = jsonFile(text, read);
  const frameworks = valueAt(root, 'dependencies');
  if (frameworks?.kind !== 'map') return [];
  return frameworks.entries.flatMap(({ value }): SdkPackage[] => {
    if (value?.kind !== 'map') return [];
    const entry = value.entries.find(({ key }) => key.value.toLowerCase() === core.toLowerCase());
    const version = scalarAt(entry?.value, 'resolved');
    return entry && version !== undefined ? [{ sdk: 'dotnet', name: core, version, line: lineOf(entry.key) }] : [];
  });
}

/** Project files of .NET, and Directory.Packages.props: a fixed version of the package that finds credentials. Source: NuGet, PackageReference. */
export function readDotnetProject(text: string): SdkPackage[] {
  const found: SdkPackage[] = [];
  for (const { name, attributes, children, line } of xmlElements(text)) {
    if (name !== 'PackageReference' && name !== 'PackageVersion') continue;
    const own = attributes.get('Include') ?? attributes.get('Update');
    const version = attributes.get('VersionOverride') ?? attributes.get('Version') ?? children.get('Version');
    if (own?.toLowerCase() === core.toLowerCase() && version !== undefined) found.push({ sdk: 'dotnet', name: core, version, line });
  }
  return found;
}
