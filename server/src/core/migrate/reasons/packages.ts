import { relativePath } from '../../config/paths';
import { packageIndex } from '../packages/index';
import { sdkVerdict, type Found } from '../packages/verdict';
import type { MigrationReason } from '../types';
import { imagesOf } from './containers';
import type { ReasonFinder, Subject } from './finder';
import { shownWorkload } from './workloads';

/**
 * AWS SDKs that lock files and manifests fix: those of an image that surely is built from their folder keep the account from
 * moving if they are too old; if it only may be, that is a note.
 */
export const packageReasons: ReasonFinder = function* (subject) {
  const { move, direction, host } = subject;
  const index = packageIndex(host.packages, host.view.wiring.settings.base);
  if (index.files.length === 0) return;
  for (const workload of move.workloads)
    for (const { image } of imagesOf(workload, host)) {
      const { certain, perhaps } = index.linksOf(image);
      const shown = shownWorkload(workload, move.namespace);
      const sure = sdkVerdict(certain, direction);
      if (sure) yield reasonOf(sure.first, sureText[sure.kind](sure.first, shown, subject), sure.kind === 'all-too-old' ? 'stops' : 'note');
      const maybe = sdkVerdict(perhaps, direction);
      if (maybe && maybe.kind !== 'new-enough') yield reasonOf(maybe.first, perhapsText(maybe.first, shown, subject), 'note');
    }
};

const sureText = {
  'all-too-old': (found: Found, shown: string, subject: Subject): string =>
    `${shown} has ${packageText(found, subject)}, from which ${fileText(found.by, subject)} builds its image; ${needText(found, subject)}. Update it first.`,
  'some-too-old': (found: Found, shown: string, subject: Subject): string =>
    `${shown} may use an SDK that is too old: one in ${fileText(found.file.uri, subject)} is ${found.name} ${found.version}; ${needText(found, subject)}. Check which one finds the credentials.`,
  'new-enough': (found: Found, shown: string, subject: Subject): string =>
    `Checked: ${shown} has ${packageText(found, subject)}, which supports ${mechanism(subject)}.`,
};

function perhapsText(found: Found, shown: string, subject: Subject): string {
  return `The image of ${shown} may be too old: it may have ${packageText(found, subject)}; ${needText(found, subject)}.`;
}

function packageText({ name, version, file }: Found, subject: Subject): string {
  return `${name} ${version} of ${fileText(file.uri, subject)}`;
}

function needText({ least }: Found, subject: Subject): string {
  return `${mechanism(subject)} needs ${least} or later`;
}

function mechanism({ direction }: Subject): string {
  return direction === 'to-pod-identity' ? 'EKS Pod Identity' : 'IRSA';
}

function fileText(uri: string | undefined, { host }: Subject): string {
  if (uri === undefined) return 'a file';
  return relativePath(uri, host.view.wiring.settings.base) ?? uri.slice(uri.lastIndexOf('/') + 1);
}

function reasonOf({ file: { uri }, line }: Found, message: string, effect: MigrationReason['effect']): MigrationReason {
  return { code: 'sdk-too-old', effect, message, line: { uri, line } };
}
