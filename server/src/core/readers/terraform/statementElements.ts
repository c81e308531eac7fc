/** The plain arguments of a statement of `aws_iam_policy_document`, and the elements that they become. Source: AWS provider, aws_iam_policy_document. */
export const statementElements = [
  ['sid', 'Sid'],
  ['actions', 'Action'],
  ['not_actions', 'NotAction'],
  ['resources', 'Resource'],
  ['not_resources', 'NotResource'],
] as const;
