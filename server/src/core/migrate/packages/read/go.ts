import { linesOf } from '../lines';
import type { SdkPackage } from '../model';
import type { Sdk } from '../sdks';

const modules: Readonly<Record<string, Sdk>> = {
  'github.com/aws/aws-sdk-go': 'go1',
  // What finds credentials; the other modules of v2 have versions of their own.
  'github.com/aws/aws-sdk-go-v2/config': 'go2',
};

/** go.mod: the modules that it requires, after its replacements. Source: Go modules reference. */
export function readGoMod(text: string): SdkPackage[] {
  const found = new Map<string, SdkPackage>();
  const replaced = new Map<string, SdkPackage | undefined>();
  let block = '';
  for (const [line, number] of linesOf(text)) {
    const [code = '', comment = ''] = split(line);
    const words = code.trim().split(/\s+/).map(withoutQuotes);
    if (words[0] === ')') block = '';
    else if (words.length === 2 && words[1] === '(') block = words[0]!;
    else {
      const [verb, ...rest] = block === '' ? words : [block, ...words];
      if (verb === 'require') {
        const [name = '', version = ''] = rest;
        const sdk = Object.hasOwn(modules, name) ? modules[name] : undefined;
        if (sdk) found.set(name, { sdk, name, version, line: number, direct: !/^\s*indirect\b/.test(comment) });
      } else if (verb === 'replace') {
        const arrow = rest.indexOf('=>');
        const [name = '', version] = rest.slice(0, arrow);
        const [other = '', otherVersion = ''] = rest.slice(arrow + 1);
        const sdk = Object.hasOwn(modules, name) ? modules[name] : undefined;
        if (arrow < 0 || !sdk || (version !== undefined && found.get(name)?.version !== version)) continue;
        // A fork, or a folder: its version says nothing.
        replaced.set(name, other === name ? { sdk, name, version: otherVersion, line: number } : undefined);
      }
    }
  }
  return [...found].flatMap(([name, own]) => {
    if (!replaced.has(name)) return [own];
    const other = replaced.get(name);
    return other ? [{ ...own, version: other.version, line: other.line }] : [];
  });
}

function split(line: string): readonly string[] {
  const at = line.indexOf('//');
  return at < 0 ? [line] : [line.slice(0, at), line.slice(at + 2)];
}

function withoutQuotes(word: string): string {
  return word.replace(/^["`](.*)["`]$/, '$1');
}
