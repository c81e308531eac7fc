import { linesOf, unquoted } from '../lines';
import type { SdkPackage } from '../model';
import { pythonSdk, type Sdk } from '../sdks';

/**
 * The lock files that are TOML with a table `[[package]]` for each package: poetry.lock, uv.lock, pdm.lock, Cargo.lock. Tools
 * write them, a key on a line, so they are read by lines: a parser of TOML would not tell the lines that people are shown.
 */
function readPackageTables(text: string, sdkOf: (name: string) => Sdk | undefined): SdkPackage[] {
  const found: SdkPackage[] = [];
  let table: { line: number; name?: string; version?: string; isOther?: true } | undefined;
  let inText = '';
  const finish = (): void => {
    const sdk = table?.name === undefined || table.isOther ? undefined : sdkOf(table.name);
    if (sdk && table?.version !== undefined) found.push({ sdk, name: table.name!, version: table.version, line: table.line });
    table = undefined;
  };
  for (const [line, number] of linesOf(text)) {
    if (inText !== '') {
      if (line.includes(inText)) inText = '';
      continue;
    }
    if (/^\[/.test(line)) {
      // A table below the package's own goes on with it: poetry writes its source there.
      if (table && /^\[package\.source\]$/.test(line)) continue;
      finish();
      if (/^\[\[package\]\]$/.test(line)) table = { line: number };
      continue;
    }
    const own = /^([A-Za-z0-9_-]+) *= *(.*)$/.exec(line);
    if (!own) continue;
    const [, key, value] = own as unknown as readonly [string, string, string];
    for (const quotes of ['"""', "'''"]) if (value.startsWith(quotes) && !value.slice(3).includes(quotes)) inText = quotes;
    if (!table) continue;
    if (key === 'name') table.line = number;
    if (key === 'name' || (key === 'version' && table.version === undefined)) table[key] = unquoted(value);
    // A version of a fork, of a folder, or of what only tests use.
    else if (key === 'source' && /\b(?:git|path|directory|editable|virtual|url)\s*=|^"git\+/.test(value)) table.isOther = true;
    else if (key === 'type' && /^"(?:git|directory|file|url)"$/.test(value)) table.isOther = true;
    else if (key === 'category' && value === '"dev"') table.isOther = true;
    else if (key === 'groups' && value.startsWith('[') && !/"(?:main|default)"/.test(value)) table.isOther = true;
    else if (key === 'git' || key === 'path') table.isOther = true;
  }
  finish();
  return found;
}

/** poetry.lock, uv.lock and pdm.lock. */
export function readPythonLock(text: string): SdkPackage[] {
  return readPackageTables(text, pythonSdk);
}

/** Cargo.lock. */
export function readCargoLock(text: string): SdkPackage[] {
  return readPackageTables(text, (name) => (name === 'aws-config' ? 'rust' : undefined));
}
