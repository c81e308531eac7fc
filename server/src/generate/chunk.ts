/*
 * What dist/generate.js gives the server: see load.ts. Reading the wizard's answers, writing each format, and making the
 * calls to AWS. What plans with the workspace's policies (core/generate/planFiles.ts, planSteps.ts) is not in it: that needs
 * the readers and the judge, which the server has.
 */
export { applySteps } from '../aws/apply/apply';
export { reportText } from '../aws/apply/reportText';
export { readState } from '../aws/apply/state';
export * as checks from '../core/generate/checks';
export { readPair } from '../core/generate/readPair';
export { actionOf, describeStep, documentOf } from '../core/generate/steps';
export { writers } from '../core/generate/writers/registry';
export { serviceAccountFile } from '../core/generate/writers/serviceAccount';
