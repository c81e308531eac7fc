import { managedPolicyUri, inlinePolicyUri, parseAwsUri, trustPolicyUri, type AwsDocument } from '../model/awsUri';
import { shownDocument } from '../snapshot/documents';
import type { AwsIndex } from '../wiring/aws';

/** A read-only document of AWS. */
export interface ShownPolicy {
  readonly title: string;
  /** JSON with line breaks; otherwise as AWS has it. */
  readonly text: string;
  readonly uri: string;
}

/** By its URI; a managed policy by its ARN; an inline one by its role and name. */
export type PolicyQuestion = { readonly uri: string } | { readonly arn: string } | { readonly roleArn: string; readonly name?: string };

/** The text of a policy that AWS, or a snapshot, holds; or in a sentence why there is none. */
export function policyDocument(aws: AwsIndex | undefined, question: PolicyQuestion): ShownPolicy | { readonly problem: string } {
  const document = documentOf(question);
  if (!document) return { problem: "This isn't a document from AWS." };
  if (!aws) return { problem: 'AWS was not asked, and no snapshot is here.' };
  const { title, text, uri } = find(aws, document);
  if (text === undefined) return { problem: `${title} is unknown: it wasn't read, or doesn't exist.` };
  return { title, text: shownDocument(text), uri };
}

function documentOf(question: PolicyQuestion): AwsDocument | undefined {
  if ('uri' in question) return parseAwsUri(question.uri);
  if ('arn' in question) return { kind: 'managed', arn: question.arn };
  return question.name === undefined
    ? { kind: 'trust', roleArn: question.roleArn }
    : { kind: 'inline', roleArn: question.roleArn, name: question.name };
}

function find(aws: AwsIndex, document: AwsDocument): { title: string; text: string | undefined; uri: string } {
  switch (document.kind) {
    case 'trust':
      return {
        title: `The trust policy of ${document.roleArn}`,
        text: aws.role(document.roleArn)?.trustPolicy,
        uri: trustPolicyUri(document.roleArn),
      };
    case 'managed':
      return { title: document.arn, text: aws.policy(document.arn)?.document, uri: managedPolicyUri(document.arn) };
    case 'inline': {
      const inline = aws.role(document.roleArn)?.inline ?? {};
      const text = Object.hasOwn(inline, document.name) ? inline[document.name] : undefined;
      return {
        title: `The inline policy ${document.name} of ${document.roleArn}`,
        text,
        uri: inlinePolicyUri(document.roleArn, document.name),
      };
    }
  }
}
