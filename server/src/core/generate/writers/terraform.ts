import { parsePolicyArn } from '../checks';
import type { Pair } from '../pair';
import { attribute, Expression, hclBlock, toHcl, type HclItem, type HclValue } from '../text/hcl';
import { hclValue } from '../text/hcl';
import { trustDocument } from '../trust';
import { distinct, fileStem, label } from './names';
import { accountAnnotations } from './serviceAccount';
import type { Writer } from './writer';

/** Resources of the providers `aws` and `kubernetes`. */
export const terraformWriter: Writer = {
  id: 'terraform',
  title: 'Terraform: the role and the ServiceAccount',
  write: (pair) => [{ path: `${fileStem(pair)}.tf`, text: toHcl(blocks(pair)), role: 'template' }],
  next: (pair) => [
    ...(pair.provider ? [`Terraform expects the IAM provider ${pair.provider.arn} to be there.`] : []),
    'The file needs the providers hashicorp/aws and hashicorp/kubernetes, set up for this account and cluster.',
  ],
};

function blocks(pair: Pair): HclItem[] {
  const { role, account } = pair;
  const name = label(role.name);
  const of = (attributeName: string): Expression => new Expression(`aws_iam_role.${name}.${attributeName}`);
  const attachments = distinct(
    role.policyArns.map((arn) => label(role.name, parsePolicyArn(arn)!.name)),
    '_',
  );
  const annotations = accountAnnotations(pair);
  return [
    hclBlock(
      'resource',
      ['aws_iam_role', name],
      [
        attribute('name', role.name),
        attribute('path', role.path === '/' ? undefined : role.path),
        attribute('description', role.description),
        attribute('max_session_duration', role.maxSessionDuration),
        attribute('permissions_boundary', role.permissionsBoundary),
        attribute('assume_role_policy', json(trustDocument(pair) as HclValue)),
        attribute('tags', Object.keys(role.tags).length === 0 ? undefined : role.tags),
      ],
    ),
    ...role.policyArns.map((arn, i) =>
      hclBlock(
        'resource',
        ['aws_iam_role_policy_attachment', attachments[i]!],
        [attribute('role', of('name')), attribute('policy_arn', arn)],
      ),
    ),
    ...(role.inline
      ? [
          hclBlock(
            'resource',
            ['aws_iam_role_policy', label(role.name, role.inline.name)],
            [
              attribute('name', role.inline.name),
              attribute('role', of('name')),
              attribute('policy', json(JSON.parse(role.inline.document) as HclValue)),
            ],
          ),
        ]
      : []),
    hclBlock(
      'resource',
      ['kubernetes_service_account_v1', label(account.namespace, account.name)],
      [
        hclBlock(
          'metadata',
          [],
          [
            attribute('name', account.name),
            attribute('namespace', account.namespace),
            attribute('annotations', pair.mechanism === 'irsa' ? { ...annotations, 'eks.amazonaws.com/role-arn': of('arn') } : undefined),
          ],
        ),
      ],
    ),
    ...(pair.mechanism === 'pod-identity'
      ? [
          hclBlock(
            'resource',
            ['aws_eks_pod_identity_association', label(account.namespace, account.name)],
            [
              attribute('cluster_name', pair.cluster!.name),
              attribute('namespace', account.namespace),
              attribute('service_account', account.name),
              attribute('role_arn', of('arn')),
            ],
          ),
        ]
      : []),
  ];
}

/** `jsonencode({ … })`, its lines as an attribute of a resource has them. */
function json(value: HclValue): Expression {
  return new Expression(`jsonencode(${hclValue(value, '  ')})`);
}
