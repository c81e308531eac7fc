/** Explain Access: why a pod gets a role, or does not. One document for the editor's page and the command line. */
export { accountName, explainAccount, explainChain } from './explain/chain';
export type { ExplainDocument } from './explain/document';
export { explainGrant } from './explain/grant';
export { explainText } from './explain/text';
export { explainVerdict } from './explain/verdict';
