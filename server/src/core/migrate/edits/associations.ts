import type { Made } from '../types';
import { writeAwsCli } from './association/awsCli';
import { writeEksctl } from './association/eksctl';
import { writeManifest } from './association/manifests';
import { wrongTarget, type AssociationTarget, type WriteAssociation, type WrittenAssociation } from './association/target';
import { writeCloudFormation, writePulumi } from './association/template';
import { writeTerraform } from './association/terraform';

export { removeAssociation } from './association/remove';
export type { AssociationTarget, WrittenAssociation };

/** Every format that an association is written in; the last takes all. To add one: one file, one line here. */
const writers: readonly WriteAssociation[] = [writeTerraform, writeCloudFormation, writePulumi, writeEksctl, writeManifest, writeAwsCli];

/**
 * Writes an association beside the role, in the format that the repository has for it; else as a command of the AWS CLI. Refused, with
 * a sentence for people, where a value isn't known or the format has no place for it.
 */
export function writeAssociation(target: AssociationTarget): Made<WrittenAssociation> {
  const wrong = wrongTarget(target);
  if (wrong !== undefined) return { refused: wrong };
  for (const write of writers) {
    const made = write(target);
    if (made) return made;
  }
  return { refused: 'No format takes this association: write it manually.' };
}
