import { beforeAll, describe, expect, it } from 'vitest';
import { definitionAt } from '../../server/src/core/features/definition';
import { explainAt, explainText } from './explaining';
import { hoverAt } from '../../server/src/core/features/hover/hover';
import { referencesAt } from '../../server/src/core/features/references';
import type { Place } from '../../server/src/core/syntax/sourceFile';
import { setHclParser } from '../../server/src/core/syntax/hcl/parser';
import type { Workspace } from '../../server/src/core/workspace/workspace';
import { loadHcl } from '../../server/src/hcl/load';
import { issuer, pathOf, uriOf, workspaceOf } from '../wiring/build';

/** One workspace as teams have it: roles in Terraform, one account by a chart's values, one by kustomize, one association. */
const provider = `arn:aws:iam::111122223333:oidc-provider/${issuer}`;
const files = {
  'terraform/main.tf': `
locals {
  oidc = "${issuer}"
  team = "shop"
}

data "aws_iam_policy_document" "web" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["${provider}"]
    }
    condition {
      test     = "StringEquals"
      variable = "\${local.oidc}:sub"
      values   = ["system:serviceaccount:\${local.team}-prod:web-prod", "system:serviceaccount:\${local.team}-dev:web"]
    }
    condition {
      test     = "StringEquals"
      variable = "\${local.oidc}:aud"
      values   = ["sts.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "web" {
  name               = "shop-web"
  assume_role_policy = data.aws_iam_policy_document.web.json
}

resource "aws_iam_role" "mail" {
  name = "shop-mail"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = "${provider}" }
      Condition = { StringEquals = { "\${local.oidc}:sub" = "system:serviceaccount:shop-prod:mailer", "\${local.oidc}:aud" = "sts.amazonaws.com" } }
    }]
  })
}

resource "aws_iam_role" "jobs" {
  name = "shop-jobs"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["sts:AssumeRole", "sts:TagSession"], Principal = { Service = "pods.eks.amazonaws.com" } }]
  })
}

resource "aws_eks_pod_identity_association" "jobs" {
  cluster_name    = "shop"
  namespace       = "shop-prod"
  service_account = "jobs"
  role_arn        = aws_iam_role.jobs.arn
}
`,
  'deploy/web/base/kustomization.yaml': 'resources: [sa.yaml, deploy.yaml]\n',
  'deploy/web/base/sa.yaml':
    'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: web\n  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/shop-web\n',
  'deploy/web/base/deploy.yaml':
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      serviceAccountName: web\n      containers: [{name: web, image: web}]\n',
  'deploy/web/overlays/prod/kustomization.yaml': 'namespace: shop-prod\nnameSuffix: -prod\nresources: [../../base]\n',
  'deploy/web/overlays/dev/kustomization.yaml': 'namespace: shop-dev\nnameSuffix: -dev\nresources: [../../base]\n',
  'deploy/mail/app.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: mail, namespace: argocd}
spec:
  destination: {namespace: shop-prod, server: https://kubernetes.default.svc}
  source:
    chart: mail
    helm:
      valuesObject:
        serviceAccount:
          name: mail
          annotations:
            eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/shop-mail
`,
  'deploy/jobs/sa.yaml': 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: jobs, namespace: shop-prod}\n',
};

beforeAll(async () => setHclParser(await loadHcl()));

function opened(): Workspace {
  const workspace = workspaceOf({});
  for (const [path, text] of Object.entries(files)) workspace.open(uriOf(path), text, path.endsWith('.tf') ? 'terraform' : undefined);
  return workspace;
}

const at = (path: keyof typeof files, text: string): [string, number] => [uriOf(path), files[path].indexOf(text) + 1];
const shown = (workspace: Workspace, places: readonly Place[]) =>
  places.map(({ doc, span }) => `${pathOf(doc.uri)}:${workspace.position(doc, span.start)!.line + 1}`);

describe('Terraform roles, Helm values and Kustomize overlays in one workspace', () => {
  it('lead from the annotation to the role in Terraform, and back to all who ask for it', () => {
    const workspace = opened();
    const definition = definitionAt(workspace, ...at('deploy/web/base/sa.yaml', 'arn:aws'));
    expect(shown(workspace, definition!.targets)).toEqual(['terraform/main.tf:28']);
    const references = referencesAt(workspace, ...at('terraform/main.tf', 'shop-web'), false);
    expect(shown(workspace, references)).toContain('deploy/web/base/sa.yaml:6');
  });

  it('have each mistake found across them, and nothing else', () => {
    const workspace = opened();
    const found = Object.keys(files).flatMap((path) =>
      workspace
        .check(uriOf(path))
        .filter(({ level, otherSideOf }) => level === 'error' && !otherSideOf)
        .map(({ rule, message }) => `${path} ${rule}: ${message.split('\n')[0]}`),
    );
    expect(found).toEqual([
      'deploy/web/base/sa.yaml subject-mismatch: In overlay overlays/dev, the trust policy of shop-web allows shop-dev/web and one other, not shop-dev/web-dev.',
      'deploy/mail/app.yaml subject-mismatch: The trust policy of shop-mail allows shop-prod/mailer, not shop-prod/mail.',
    ]);
  });

  it('are explained from the workload to the statement', () => {
    const workspace = opened();
    const page = explainText(workspace, explainAt(workspace, uriOf('deploy/web/base/deploy.yaml'), undefined));
    for (const line of [
      'Can shop-dev/web-dev assume shop-web?   No.',
      'deploy/web/base/deploy.yaml:7',
      'deploy/web/base/sa.yaml:6',
      'deploy/web/overlays/dev/kustomization.yaml:1',
      'terraform/main.tf:9',
      'In overlay overlays/prod the service account is shop-prod/web-prod: Yes.',
    ])
      expect(page).toContain(line);
    const jobs = explainText(workspace, explainAt(workspace, uriOf('deploy/jobs/sa.yaml'), undefined));
    for (const line of ['Can shop-prod/jobs assume shop-jobs?   Yes.', 'terraform/main.tf:49']) expect(jobs).toContain(line);
  });

  it('are told by a hover where a workload names its account', () => {
    const hover = hoverAt(opened(), ...at('deploy/web/base/deploy.yaml', 'web\n      containers'));
    expect(hover?.markdown).toContain('In overlay overlays/prod it is `shop-prod/web-prod`');
    expect(hover?.markdown).toContain("✗ Can't assume shop\\-web: subject doesn't match");
  });
});
