import { linesOf, unquoted } from '../lines';
import type { SdkPackage } from '../model';
import { npmSdk } from '../sdks';
import { isElsewhere } from './npm';

/**
 * yarn.lock of Yarn 1 and of later ones. Both write an entry as a line of specifiers without indentation, then indented
 * lines. Source: @yarnpkg/lockfile and Yarn's documentation. Which packages are for development alone, the file doesn't tell.
 */
export function readYarnLock(text: string): SdkPackage[] {
  const found: SdkPackage[] = [];
  let entry: { name: string; readonly line: number; version?: string } | undefined;
  const finish = (): void => {
    const sdk = entry && npmSdk(entry.name);
    if (sdk && entry?.version !== undefined) found.push({ sdk, name: entry.name, version: entry.version, line: entry.line });
    entry = undefined;
  };
  for (const [line, number] of linesOf(text)) {
    if (/^[^\s#]/.test(line)) {
      finish();
      const name = line.endsWith(':') ? packageOf(firstSpecifier(line)) : undefined;
      if (name !== undefined) entry = { name, line: number };
      continue;
    }
    const own = entry && /^ {2}(version|resolved|resolution):? ("[^"]*"|\S+)/.exec(line);
    if (!entry || !own) continue;
    const value = unquoted(own[2]!);
    if (own[1] === 'version') entry.version = value;
    else if (own[1] === 'resolved') entry = isElsewhere(value) ? undefined : entry;
    else {
      const name = packageOf(value);
      if (name === undefined) entry = undefined;
      else entry.name = name;
    }
  }
  finish();
  return found;
}

/** Of `a@^1, "b@^2":` or `"a@npm:^1, a@npm:^2":`, `a@^1`. */
function firstSpecifier(line: string): string {
  return line.slice(0, -1).split(',')[0]!.replaceAll('"', '').trim();
}

/** The package that a specifier is of: `@aws-sdk/client-s3@npm:^3.1.0`, or an alias for it; undefined for what isn't from a registry. */
function packageOf(specifier: string): string | undefined {
  const at = specifier.indexOf('@', 1);
  if (at < 0) return undefined;
  const range = specifier.slice(at + 1);
  const alias = /^npm:(@?[^@:]+)@./.exec(range);
  if (alias) return alias[1];
  const protocol = /^([a-z+]+):/.exec(range)?.[1];
  const isOfRegistry = protocol === undefined ? !range.includes('/') : protocol === 'npm';
  return isOfRegistry ? specifier.slice(0, at) : undefined;
}
