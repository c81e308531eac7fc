import type { Reader } from '../reader';
import { readResources } from './resources';
import { isTemplate, readTemplate } from './template';

/** CloudFormation and SAM templates, in YAML and JSON: roles, trust policies, OIDC providers, clusters and associations. */
export const cloudformationReader: Reader = {
  id: 'cloudformation',
  syntaxes: ['yaml', 'json'],
  words: ['PodIdentity', 'EKS::FargateProfile'],
  needs: /Resources/,
  claims: isTemplate,
  read(input) {
    const template = readTemplate(input.tree.root, input.doc);
    return template ? readResources(template, input) : [];
  },
};
