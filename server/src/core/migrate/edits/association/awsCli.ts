import { awsCommand } from '../../../generate/text/shell';
import { clusterUnknown, type WriteAssociation } from './target';

/** A command for a POSIX shell, where no file takes the association. All values are quoted. */
export const writeAwsCli: WriteAssociation = ({ account, roleArn, region }) => {
  const { cluster, namespace, serviceAccount } = account;
  if (!cluster || !('text' in cluster)) return { refused: clusterUnknown };
  if (!('text' in namespace) || !('text' in serviceAccount))
    return { refused: 'The namespace or the service account is known only by an expression: write the association manually.' };
  if (roleArn === undefined) return { refused: "The role's ARN is unknown: write the association manually." };
  const script = awsCommand('eks create-pod-identity-association', {
    'cluster-name': cluster.text,
    namespace: namespace.text,
    'service-account': serviceAccount.text,
    'role-arn': roleArn,
    region,
  });
  return { made: { edits: [], creates: [], script, format: 'AWS CLI command' } };
};
