import { fileStem } from './names';
import { serviceAccountFile } from './serviceAccount';
import { toJson } from '../json';
import { trustDocument } from '../trust';
import type { Writer } from './writer';

/** The ServiceAccount as YAML, and the role's policies as JSON in a folder of the role's name, which ties them to it. */
export const manifestsWriter: Writer = {
  id: 'manifests',
  title: 'ServiceAccount YAML, trust policy and permission policy JSON',
  write: (pair) => [
    serviceAccountFile(pair),
    { path: `iam/${fileStem(pair)}/trust-policy.json`, text: toJson(trustDocument(pair)), role: 'trust-policy' },
    ...(pair.role.inline
      ? [
          {
            path: `iam/${fileStem(pair)}/${pair.role.inline.name === 'trust-policy' ? 'permission-policy' : pair.role.inline.name}.json`,
            text: pair.role.inline.document,
            role: 'permission-policy' as const,
          },
        ]
      : []),
  ],
  next: (pair) =>
    pair.mechanism === 'pod-identity'
      ? ['Pod Identity also needs the association, which no manifest holds: --apply makes it, or one of the other formats.']
      : [],
};
