import type { WorkspaceView } from '../workspaceView';
import type { Item } from './item';
import { accountOfPath, knownAccounts, knownNamespaces, knownProviders, likelyAccount, likelyCluster, likelyIssuer } from './known';
import { stop } from './snippet';

/** Whole trust policies for a file that holds none yet, filled in with what the workspace knows. */
export function policyShapes(view: WorkspaceView, uri: string): Item[] {
  return statementShapes(view, uri).map((item) => ({
    ...item,
    label: `${item.label} trust policy`,
    insert: `{\n  "Version": "2012-10-17",\n  "Statement": [\n    ${item.insert.replaceAll('\n', '\n    ')}\n  ]\n}`,
  }));
}

/** Single statements, as above. Lines are indented by two spaces, from the first line's column. */
export function statementShapes(view: WorkspaceView, uri: string): Item[] {
  return [
    {
      label: 'IRSA',
      kind: 'snippet',
      rank: 0,
      snippet: true,
      detail: 'allows one service account of one cluster',
      insert: irsa(view, uri),
    },
    {
      label: 'EKS Pod Identity',
      kind: 'snippet',
      rank: 1,
      snippet: true,
      detail: 'for a Pod Identity association',
      insert: podIdentity(view, uri),
    },
  ];
}

function irsa(view: WorkspaceView, uri: string): string {
  const user = accountOfPath(view, uri);
  const account = user?.account ?? likelyAccount(view);
  const partition = /^arn:([a-z-]+):/.exec(knownProviders(view)[0]?.arn ?? '')?.[1] ?? 'aws';
  const issuer = stop(2, known(likelyIssuer(view)), 'oidc.eks.<REGION>.amazonaws.com/id/<OIDC_ID>');
  const [namespaces, names] = user ? [[user.namespace], [user.name]] : [knownNamespaces(view, uri), knownAccounts(view, uri)];
  return `{
  "Effect": "Allow",
  "Principal": {
    "Federated": "arn:${partition}:iam::${stop(1, known(account), '<ACCOUNT_ID>')}:oidc-provider/${issuer}"
  },
  "Action": "sts:AssumeRoleWithWebIdentity",
  "Condition": {
    "StringEquals": {
      "${issuer}:aud": "sts.amazonaws.com",
      "${issuer}:sub": "system:serviceaccount:${stop(3, namespaces, '<NAMESPACE>')}:${stop(4, names, '<SERVICE_ACCOUNT>')}"
    }
  }
}`;
}

function podIdentity(view: WorkspaceView, uri: string): string {
  return `{
  "Effect": "Allow",
  "Principal": {
    "Service": "pods.eks.amazonaws.com"
  },
  "Action": [
    "sts:AssumeRole",
    "sts:TagSession"
  ],
  "Condition": {
    "StringEquals": {
      "aws:SourceAccount": "${stop(1, known(likelyAccount(view)), '<ACCOUNT_ID>')}",
      "aws:RequestTag/eks-cluster-name": "${stop(2, known(likelyCluster(view)), '<CLUSTER>')}",
      "aws:RequestTag/kubernetes-namespace": "${stop(3, knownNamespaces(view, uri), '<NAMESPACE>')}",
      "aws:RequestTag/kubernetes-service-account": "${stop(4, knownAccounts(view, uri), '<SERVICE_ACCOUNT>')}"
    }
  }
}`;
}

function known(text: string | undefined): string[] {
  return text === undefined ? [] : [text];
}
