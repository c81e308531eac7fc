/** Explain Access: why a pod gets a role, or does not. One document for the editor's page and the command line. */
export { accountName, chainToShow, explainAccount, explainChain } from './explain/chain';
export type { ExplainDocument, ExplainMend, ExplainStep } from './explain/document';
export { explainGrant } from './explain/grant';
export { explainText, type ExplainLink, type PlaceLabel } from './explain/text';
export { explainVerdict } from './explain/verdict';
