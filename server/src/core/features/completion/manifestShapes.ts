import type { WorkspaceView } from '../workspaceView';
import type { Item } from './item';
import { knownAccounts, knownNamespaces, likelyAccount, likelyCluster, likelyIssuer } from './known';
import { stop } from './snippet';

/** Whole manifests for an empty document, filled in with what the workspace knows. */
export function manifestShapes(view: WorkspaceView, uri: string): Item[] {
  const namespaces = knownNamespaces(view, uri);
  const account = list(likelyAccount(view));
  const shape = (rank: number, label: string, detail: string, insert: string): Item => ({
    label,
    detail,
    insert,
    rank,
    kind: 'snippet',
    snippet: true,
  });
  return [
    shape(
      0,
      'ServiceAccount with an IAM role',
      'IRSA: the annotation names the role',
      `apiVersion: v1
kind: ServiceAccount
metadata:
  name: \${1:my-app}
  namespace: ${stop(2, namespaces, 'default')}
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::${stop(3, account, '<ACCOUNT_ID>')}:role/\${4:<ROLE_NAME>}
$0`,
    ),
    shape(
      1,
      'Deployment that uses a service account',
      'its pods run as the service account',
      `apiVersion: apps/v1
kind: Deployment
metadata:
  name: \${1:my-app}
  namespace: ${stop(2, namespaces, 'default')}
spec:
  selector:
    matchLabels:
      app: \${1:my-app}
  template:
    metadata:
      labels:
        app: \${1:my-app}
    spec:
      serviceAccountName: ${stop(3, knownAccounts(view, uri), 'my-app')}
      containers:
        - name: app
          image: \${4:<IMAGE>}
$0`,
    ),
    shape(
      2,
      'Pod Identity association',
      'a resource of the ACK controller for EKS',
      `apiVersion: eks.services.k8s.aws/v1alpha1
kind: PodIdentityAssociation
metadata:
  name: \${1:my-app}
  namespace: ${stop(2, namespaces, 'default')}
spec:
  clusterName: ${stop(3, list(likelyCluster(view)), '<CLUSTER>')}
  namespace: ${stop(2, namespaces, 'default')}
  serviceAccount: \${1:my-app}
  roleARN: arn:aws:iam::${stop(4, account, '<ACCOUNT_ID>')}:role/\${5:<ROLE_NAME>}
$0`,
    ),
  ];
}

/** The content of a new pod-roles.yaml. */
export function configShapes(view: WorkspaceView): Item[] {
  const issuer = likelyIssuer(view);
  const region = /^oidc\.eks\.([a-z0-9-]+)\./.exec(issuer ?? '')?.[1];
  return [
    {
      label: 'Cluster',
      kind: 'snippet',
      rank: 0,
      snippet: true,
      detail: 'account, region, issuer and the paths that are deployed to it',
      insert: `clusters:
  - name: ${stop(1, list(likelyCluster(view)), 'my-cluster')}
    account: "${stop(2, list(likelyAccount(view)), '<ACCOUNT_ID>')}"
    region: ${stop(3, list(region), '<REGION>')}
    issuer: ${stop(4, list(issuer), 'oidc.eks.<REGION>.amazonaws.com/id/<OIDC_ID>')}
    paths:
      - \${5:k8s/**}
$0`,
    },
  ];
}

function list(text: string | undefined): string[] {
  return text === undefined ? [] : [text];
}
