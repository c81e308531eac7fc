import { linesOf } from '../lines';
import type { SdkPackage } from '../model';
import { javaSdk } from '../sdks';
import { xmlElements } from './xml';

/** pom.xml: dependencies and managed ones with a version that is written there, or in a property of the file. Source: Maven, POM reference. */
export function readPom(text: string): SdkPackage[] {
  const properties = new Map<string, string>();
  const found: (SdkPackage & { readonly written: string })[] = [];
  for (const { name, around, children, line, text: value } of xmlElements(text)) {
    if (around[around.length - 1] === 'properties') properties.set(name, value);
    if (name !== 'dependency' || around.includes('plugin') || children.get('scope') === 'test') continue;
    const [group, artifact] = ['groupId', 'artifactId'].map((each) => children.get(each) ?? '') as [string, string];
    const version = children.get('version');
    const sdk = javaSdk(group, artifact);
    if (sdk && version !== undefined) found.push({ sdk, name: `${group}:${artifact}`, version, line, written: version });
  }
  return found.map(({ written, ...each }) => {
    const property = /^\$\{([^{}]+)\}$/.exec(written)?.[1];
    return { ...each, version: (property === undefined ? undefined : properties.get(property)) ?? written };
  });
}

/** gradle.lockfile: `group:artifact:version=configurations`. Source: Gradle, dependency locking. */
export function readGradleLock(text: string): SdkPackage[] {
  const found: SdkPackage[] = [];
  for (const [line, number] of linesOf(text)) {
    const match = /^([^\s:#]+):([^\s:]+):([^\s:=]+)=(.*)$/.exec(line);
    const sdk = match && javaSdk(match[1]!, match[2]!);
    if (!sdk || match[4]!.split(',').every((configuration) => /^test|TestCompile|^annotationProcessor/.test(configuration))) continue;
    found.push({ sdk, name: `${match[1]!}:${match[2]!}`, version: match[3]!, line: number });
  }
  return found;
}

const coordinates = /["']([\w.-]+):([\w.-]+):([\w.+-]+)(?:@\w+)?["']/g;

/** build.gradle and build.gradle.kts: coordinates with a version that is written there. */
export function readGradleBuild(text: string): SdkPackage[] {
  const found: SdkPackage[] = [];
  for (const [line, number] of linesOf(text)) {
    if (/^\s*(?:\/\/|\*|test|androidTest|classpath)/.test(line)) continue;
    for (const [, group, artifact, version] of line.matchAll(coordinates)) {
      const sdk = javaSdk(group!, artifact!);
      if (sdk) found.push({ sdk, name: `${group!}:${artifact!}`, version: version!, line: number });
    }
  }
  return found;
}
