import './load';
import { describe, expect, it } from 'vitest';
import { actionsAt } from '../../server/src/core/features/codeActions';
import { Workspace } from '../../server/src/core/workspace/workspace';

const uri = 'file:///w/main.tf';
const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F4268';
const wrong = 'subject-under-audience-key';

const blocks = `data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::481516234212:oidc-provider/${issuer}"]
    }
    condition {
      test     = "StringEquals"
      variable = "${issuer}:aud"
      values   = ["system:serviceaccount:demo:app"]
    }
  }
}
`;
const heredoc = `resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = <<-EOT
    {"Statement": [{
      "Effect": "Allow",
      "Principal": {"Federated": "arn:aws:iam::481516234212:oidc-provider/${issuer}"},
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {"StringEquals": {
        "${issuer}:aud": "system:serviceaccount:demo:app"
      }}
    }]}
  EOT
}
`;

function opened(text: string): Workspace {
  const workspace = new Workspace({
    log: (message) => {
      throw new Error(message);
    },
  });
  workspace.open(uri, text);
  return workspace;
}

/** The titles that silence the mistake, each with what is left of it after it is applied. */
function silenced(text: string): Record<string, readonly string[]> {
  const workspace = opened(text);
  const [finding] = workspace.check(uri).filter(({ rule }) => rule === wrong);
  const { start } = finding!.at.span;
  return Object.fromEntries(
    actionsAt(workspace, uri, start, start)
      .filter(({ title }) => title.startsWith(`Disable ${wrong}`))
      .map(({ title, edits: [edit] }) => {
        const after = text.slice(0, edit!.span.start) + edit!.newText + text.slice(edit!.span.end);
        return [
          title,
          opened(after)
            .check(uri)
            .map(({ rule }) => rule),
        ];
      }),
  );
}

describe('a finding in Terraform is silenced', () => {
  it('by a comment above its line, or at the start of the file', () => {
    const without = opened(blocks)
      .check(uri)
      .map(({ rule }) => rule)
      .filter((rule) => rule !== wrong);
    expect(silenced(blocks)).toEqual({ [`Disable ${wrong} for this line`]: without, [`Disable ${wrong} for this file`]: without });
  });
  it('by no comment inside a heredoc, where it would be text', () => {
    expect(Object.keys(silenced(heredoc))).toEqual([`Disable ${wrong} for this file`]);
    expect(Object.values(silenced(heredoc)).flat()).not.toContain(wrong);
  });
});
