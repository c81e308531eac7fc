import { isIncludedByText } from './proof/structural';
import type { Includes, MigrationEditors, MigrationHost } from './port';

/**
 * Whether everything that one side allows is allowed by the other: by the texts alone where these tell it, which also holds
 * for values that no file tells.
 */
const includes: Includes = (all, part) =>
  isIncludedByText(all, part)
    ? { kind: 'included' }
    : { kind: 'unknown', because: 'the statements of the two policies are not the same texts' };

const refused = { refused: 'This form of file is not edited.' } as const;

const editors: MigrationEditors = {
  policyEditors: [],
  clusterSpelling: () => ({}),
  writeAssociation: () => refused,
  removeAssociation: () => refused,
  removeAnnotation: () => refused,
  addAnnotation: () => refused,
  moveAddon: () => refused,
};

/** What compares trust policies, and what writes into files: the parts of a host that are the same for every front. */
export const parts: Pick<MigrationHost, 'includes' | 'editors'> = { includes, editors };
