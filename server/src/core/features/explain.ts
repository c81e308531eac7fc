/** Explain Access: why a pod gets a role, or does not. One document for the editor's view and the command line. */
export { accountName, explainAccount, explainChain } from './explain/chain';
export type { ExplainDocument } from './explain/document';
export { explainGrant } from './explain/grant';
export { explainPage, type ShowPlace } from './explain/page';
export { explainText } from './explain/text';
export { explainVerdict } from './explain/verdict';
