import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../support/runs';
import { Workspace } from '../../server/src/core/workspace/workspace';
import './load';

/** Texts of a right repository: a root that calls a module, and its own role; `role` gives the names of roles. */
function repository(folder: string, role: (which: 'own' | 'module') => string, subject: string, indirect: boolean): Record<string, string> {
  const trust = (account: string): string =>
    `jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = module.eks.oidc_provider_arn }, Condition = { StringEquals = { "\${module.eks.oidc_provider}:sub" = "${account}", "\${module.eks.oidc_provider}:aud" = "sts.amazonaws.com" } } }] })`;
  const account = (name: string, arn: string): string =>
    `resource "kubernetes_service_account_v1" "${name}" {\n  metadata {\n    name = "${name}"\n    namespace = "shop"\n    annotations = { "eks.amazonaws.com/role-arn" = ${arn} }\n  }\n}\n`;
  return {
    [`${folder}/main.tf`]:
      `module "eks" {\n  source = "terraform-aws-modules/eks/aws"\n}\n` +
      `module "role" {\n  source = "./role"\n  policy = ${trust('system:serviceaccount:shop:carts')}\n}\n` +
      `resource "aws_iam_role" "own" {\n  name = "${role('own')}"\n  assume_role_policy = ${trust(subject)}\n}\n` +
      (indirect ? 'locals {\n  arn = try(aws_iam_role.own.arn, "")\n}\n' : '') +
      account('orders', indirect ? 'local.arn' : 'aws_iam_role.own.arn') +
      account('carts', 'module.role.arn'),
    [`${folder}/role/main.tf`]: `variable "policy" {}\nresource "aws_iam_role" "r" {\n  name = "${role('module')}"\n  assume_role_policy = var.policy\n}\noutput "arn" {\n  value = aws_iam_role.r.arn\n}\n`,
  };
}

/** The findings of all files by rule, level and place, and the verdicts of all chains. */
function judged(files: Readonly<Record<string, string>>): { findings: string[]; verdicts: (string | undefined)[] } {
  const workspace = new Workspace();
  for (const [path, text] of Object.entries(files)) workspace.load(`file:///r/${path}`, text);
  const findings = Object.keys(files).flatMap((path) =>
    workspace
      .check(`file:///r/${path}`)
      .filter(({ otherSideOf }) => !otherSideOf)
      .map(({ rule, level }) => `${path} ${level} ${rule}`),
  );
  return { findings: findings.sort(), verdicts: [...workspace.wiring.chains()].map((chain) => workspace.verdict(chain)?.decision) };
}

const name = fc.stringMatching(/^[a-z][a-z0-9-]{2,12}[a-z0-9]$/);
const right = 'system:serviceaccount:shop:orders';
const subject = fc.constantFrom(right, 'system:serviceaccount:shop:ordres', 'system:serviceaccount:shpo:orders');

test('a fresh name for every role changes no verdict that rests on identity', () => {
  fc.assert(
    fc.property(subject, fc.boolean(), fc.tuple(name, name), fc.boolean(), (who, indirect, [a, b], same) => {
      const before = judged(repository('a', (which) => `${which}-role`, who, indirect));
      const after = judged(repository('a', (which) => (same || which === 'own' ? a : b), who, indirect));
      expect(after).toEqual(before);
      expect(before.verdicts.sort()).toEqual([who === right ? 'allowed' : 'denied', 'allowed'].sort());
    }),
    { numRuns: runs(40) },
  );
});

test('of two copies side by side, one with a mistake, exactly that is found', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('system:serviceaccount:shop:ordres', 'system:serviceaccount:shpo:orders'),
      fc.boolean(),
      fc.boolean(),
      (wrong, indirect, first) => {
        const names = (which: string): string => `${which}-role`;
        const files = {
          ...repository('cluster-a', names, first ? wrong : right, indirect),
          ...repository('cluster-b', names, first ? right : wrong, indirect),
        };
        const { findings } = judged(files);
        expect(findings).toEqual([`cluster-${first ? 'a' : 'b'}/main.tf error subject-mismatch`]);
      },
    ),
    { numRuns: runs(12) },
  );
});
