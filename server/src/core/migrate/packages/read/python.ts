import { valueAt } from '../../../syntax/nodes';
import { linesOf } from '../lines';
import type { SdkPackage } from '../model';
import { pythonSdk } from '../sdks';
import { jsonFile, scalarAt, type ReadFile } from './json';

/** A requirement with a fixed version: `boto3[crt]==1.26.0 ; python_version > "3"  # why`, or with hashes. Source: pip, requirements file format. */
const pinned = /^([A-Za-z0-9][A-Za-z0-9._-]*) ?(?:\[[^\]]*\])? ?={2,3} ?([^ ;,#\\]+) ?(?:$|[;#\\]|--)/;

/** requirements.txt: the packages with a fixed version. Whether pip-compile or a person wrote it, it doesn't tell what the program itself uses. */
export function readRequirements(text: string): SdkPackage[] {
  const found: SdkPackage[] = [];
  for (const [line, number] of linesOf(text)) {
    const match = pinned.exec(line.trim().replace(/\s+/g, ' '));
    const sdk = match && pythonSdk(match[1]!);
    if (sdk) found.push({ sdk, name: match[1]!, version: match[2]!, line: number });
  }
  return found;
}

/** Pipfile.lock: what is for production. */
export function readPipfileLock(text: string, read: ReadFile): SdkPackage[] {
  const { root, lineOf } = jsonFile(text, read);
  const packages = valueAt(root, 'default');
  if (packages?.kind !== 'map') return [];
  return packages.entries.flatMap(({ key, value }): SdkPackage[] => {
    const sdk = pythonSdk(key.value);
    const version = /^===?(.+)$/.exec(scalarAt(value, 'version') ?? '')?.[1];
    return sdk && version !== undefined && scalarAt(value, 'git') === undefined
      ? [{ sdk, name: key.value, version, line: lineOf(key) }]
      : [];
  });
}
