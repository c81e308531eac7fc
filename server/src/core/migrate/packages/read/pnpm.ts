import { linesOf } from '../lines';
import type { SdkPackage } from '../model';
import { npmSdk } from '../sdks';

/** The key of a line of a map, whatever quotes it has. */
const keyOfLine = /^ *(?:'([^']+)'|"([^"]+)"|([^\s'"#-][^\s:]*)):(?: |$)/;

/** pnpm-lock.yaml, versions 5 to 9. Source: pnpm's specification of its lock file. Read by lines: pnpm alone writes it. */
export function readPnpmLock(text: string): SdkPackage[] {
  const [direct, development] = [new Set<string>(), new Set<string>()];
  const found: { -readonly [K in keyof SdkPackage]: SdkPackage[K] }[] = [];
  let section = '';
  let names: { readonly to: Set<string>; readonly indent: number } | undefined;
  let last: (typeof found)[number] | undefined;
  for (const [line, number] of linesOf(text)) {
    const match = keyOfLine.exec(line);
    const key = match?.[1] ?? match?.[2] ?? match?.[3];
    const indent = line.search(/\S/);
    if (indent === 0) section = key ?? section;
    if (section === 'packages') {
      if (indent === 2) {
        const named = key === undefined ? undefined : packageOf(key);
        const sdk = named && npmSdk(named[0]);
        last = sdk && { sdk, name: named[0], version: named[1], line: number };
        if (last) found.push(last);
      } else if (last && /^ {4}dev: true$/.test(line)) {
        found.pop();
        last = undefined;
      }
      continue;
    }
    if (indent < 0 || section === 'snapshots') continue;
    if (names && indent < names.indent) names = undefined;
    if (key === 'dependencies' || key === 'optionalDependencies') names = { to: direct, indent: indent + 2 };
    else if (key === 'devDependencies') names = { to: development, indent: indent + 2 };
    else if (names && indent === names.indent && key !== undefined) names.to.add(key);
  }
  const known = direct.size + development.size > 0;
  return found
    .filter(({ name }) => direct.has(name) || !development.has(name))
    .map((each) => (known ? { ...each, direct: direct.has(each.name) } : each));
}

/** `/@aws-sdk/client-s3/3.400.0_peer`, `/@aws-sdk/client-s3@3.400.0(peer)`, `@aws-sdk/client-s3@3.400.0`. */
function packageOf(key: string): readonly [name: string, version: string] | undefined {
  const match = /^\/?((?:@[^/@]+\/)?[^/@]+)[/@](\d[^_(]*)/.exec(key);
  return match ? [match[1]!, match[2]!] : undefined;
}
