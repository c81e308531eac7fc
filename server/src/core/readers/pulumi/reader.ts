import type { Reader } from '../reader';
import { isProgram, readProgram } from './program';
import { readResources } from './resources';

/** Pulumi programs in YAML and JSON: roles, trust policies, OIDC providers, clusters, associations, and objects of Kubernetes. */
export const pulumiReader: Reader = {
  id: 'pulumi',
  syntaxes: ['yaml', 'json'],
  words: ['OpenIdConnectProvider', 'PodIdentity', 'FargateProfile'],
  wordsBesideAccounts: [String.raw`kubernetes:[\w.-]+\/v\w+:`],
  needs: /\bresources\b/,
  claims: isProgram,
  readsAlone: true,
  read(input) {
    const program = readProgram(input.tree.root, input.doc);
    return program ? readResources(program, input) : [];
  },
};
