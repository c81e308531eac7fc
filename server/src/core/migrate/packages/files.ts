import type { PackageFile, SdkPackage } from './model';
import { readCompose, readImageChanges, readSkaffold } from './read/builds';
import type { ReadFile } from './read/json';
import { readGoMod } from './read/go';
import { readGradleBuild, readGradleLock, readPom } from './read/java';
import { readNpmLock } from './read/npm';
import { readComposerLock, readDotnetProject, readGemfileLock, readNugetLock } from './read/others';
import { readCargoLock, readPythonLock } from './read/packageTables';
import { readPnpmLock } from './read/pnpm';
import { readPipfileLock, readRequirements } from './read/python';
import { readYarnLock } from './read/yarn';

type Reader = (uri: string, text: string, read: ReadFile) => Partial<PackageFile>;

const packagesBy = (packagesOf: (text: string, read: ReadFile) => SdkPackage[], ...words: readonly string[]): Reader => {
  // Most lock files have no package of AWS, and a look at the text is all that they cost.
  return (_, text, read) => ({ packages: words.some((word) => text.includes(word)) ? packagesOf(text, read) : [] });
};
const npm = packagesBy(readNpmLock, 'aws-sdk');
const python = packagesBy(readPythonLock, 'boto');
const skaffold: Reader = (uri, text, read) => ({ builds: readSkaffold(uri, text, read) });
const compose: Reader = (uri, text, read) => ({ builds: readCompose(uri, text, read) });
const kustomization: Reader = (uri, text, read) => ({ changes: text.includes('images') ? readImageChanges(uri, text, read) : [] });

const byName: Readonly<Record<string, Reader>> = {
  'package-lock.json': npm,
  'npm-shrinkwrap.json': npm,
  'yarn.lock': packagesBy(readYarnLock, 'aws-sdk'),
  'pnpm-lock.yaml': packagesBy(readPnpmLock, 'aws-sdk'),
  'poetry.lock': python,
  'uv.lock': python,
  'pdm.lock': python,
  'pipfile.lock': packagesBy(readPipfileLock, 'boto'),
  'cargo.lock': packagesBy(readCargoLock, 'aws-config'),
  'go.mod': packagesBy(readGoMod, 'aws-sdk-go'),
  'pom.xml': packagesBy(readPom, 'awssdk', 'com.amazonaws', 'aws.sdk.kotlin'),
  'gradle.lockfile': packagesBy(readGradleLock, 'awssdk', 'com.amazonaws', 'aws.sdk.kotlin'),
  'build.gradle': packagesBy(readGradleBuild, 'awssdk', 'com.amazonaws', 'aws.sdk.kotlin'),
  'build.gradle.kts': packagesBy(readGradleBuild, 'awssdk', 'com.amazonaws', 'aws.sdk.kotlin'),
  'gemfile.lock': packagesBy(readGemfileLock, 'aws-sdk-core'),
  'composer.lock': packagesBy(readComposerLock, 'aws-sdk-php'),
  'packages.lock.json': packagesBy(readNugetLock, 'AWSSDK'),
  'directory.packages.props': packagesBy(readDotnetProject, 'AWSSDK'),
  'skaffold.yaml': skaffold,
  'skaffold.yml': skaffold,
  'kustomization.yaml': kustomization,
  'kustomization.yml': kustomization,
  kustomization: kustomization,
};

const byPattern: readonly (readonly [name: RegExp, reader: Reader])[] = [
  [/\.(?:cs|fs|vb)proj$/, packagesBy(readDotnetProject, 'AWSSDK')],
  [/^(?:docker-)?compose(?:[.-][\w.-]*)?\.ya?ml$/, compose],
  // Those for tests and development aren't what the image has.
  [
    /^(?!.*(?:^|[-_.])(?:dev|develop|development|test|tests|testing|lint|docs?|ci)[-_.])[\w.-]*requirements[\w.-]*\.txt$/,
    packagesBy(readRequirements, 'boto'),
  ],
];

function readerOf(path: string): Reader | undefined {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).toLowerCase();
  return Object.hasOwn(byName, name) ? byName[name] : byPattern.find(([pattern]) => pattern.test(name))?.[1];
}

/** Whether a file tells of SDKs or of how images are built, by its name. */
export function isPackageFile(path: string): boolean {
  return readerOf(path) !== undefined;
}

/** What such a file tells. Never throws for any text. */
export function readPackageFile(uri: string, text: string, read: ReadFile): PackageFile {
  return { uri, packages: [], builds: [], changes: [], ...readerOf(uri)?.(uri, text, read) };
}

/** So many such files are read for a plan, */
export const mostPackageFiles = 2000;
/** each of at most so many bytes, */
export const largestPackageFile = 8 * 1024 * 1024;
/** and all together of so many. */
export const mostPackageBytes = 64 * 1024 * 1024;
