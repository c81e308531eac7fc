import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CodeAction } from 'vscode-languageserver-protocol/node';
import { applyEdits, LspClient } from '../support/lspClient';

const files = {
  'iam/main.tf': `module "eks" {
  source = "terraform-aws-modules/eks/aws"
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [module.eks.oidc_provider_arn]
    }
    condition {
      test     = "StringEquals"
      variable = "\${local.issuer}:sub"
      values   = ["system:serviceaccount:demo:app"]
    }
    condition {
      test     = "StringEquals"
      variable = "\${local.issuer}:aud"
      values   = ["sts.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "app" {
  name               = "app-role"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
`,
  'iam/locals.tf': 'locals {\n  issuer = module.eks.oidc_provider\n}\n',
};

describe('Terraform in the server', () => {
  let client: LspClient;
  beforeAll(async () => {
    client = await LspClient.start({ files });
    await client.open('iam/main.tf', files['iam/main.tf'], 'terraform');
  });
  afterAll(() => client.stop());

  it('is read once the parser is there, and right files have no findings', async () => {
    expect(await client.diagnostics('iam/main.tf')).toEqual([]);
  });

  it('says what another file of the module brings, and its fix writes HCL', async () => {
    await client.open('iam/locals.tf', 'locals {\n  issuer = module.eks.cluster_oidc_issuer_url\n}\n', 'terraform');
    await expect
      .poll(async () => (await client.diagnostics('iam/main.tf')).map((d) => d.code), { timeout: 20_000 })
      .toEqual(['terraform-issuer-scheme', 'terraform-issuer-scheme']);
    const [diagnostic] = await client.diagnostics('iam/main.tf');
    const uri = client.uri('iam/main.tf');
    const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: diagnostic!.range,
      context: { diagnostics: [diagnostic] },
    });
    const edits =
      Object.values(actions.find((action) => action.isPreferred)?.edit?.changes ?? {})[0] ??
      actions.find((action) => action.isPreferred)!.edit!.documentChanges!.flatMap((change) => ('edits' in change ? change.edits : []));
    expect(applyEdits(files['iam/main.tf'], edits as Parameters<typeof applyEdits>[1])).toContain(
      'variable = "${replace(local.issuer, "https://", "")}:sub"',
    );
  });
});
