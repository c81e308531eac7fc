import { ProgressLocation, window } from 'vscode';
import type { Services } from '../services';

/** Opens the view of all that a role may do. The role: of a hover's link, or at the cursor. */
export async function showRolePermissions({ aws, permissions }: Services, target?: unknown): Promise<void> {
  const question = roleOf(target) ?? cursor();
  if (!question) {
    void window.showInformationMessage(
      "Put the cursor on the annotation eks.amazonaws.com/role-arn, on a role ARN or on a trust policy to show the role's permissions.",
    );
    return;
  }
  if (!(await aws.ensure("read the role's permissions"))) return;
  await window.withProgress({ location: ProgressLocation.Window, title: 'Pod Roles: reading permissions' }, () =>
    permissions.open(question),
  );
}

function roleOf(value: unknown): { roleArn: string } | undefined {
  const roleArn = (value as { roleArn?: unknown } | undefined)?.roleArn;
  return typeof roleArn === 'string' ? { roleArn } : undefined;
}

function cursor(): { uri: string; position: { line: number; character: number } } | undefined {
  const editor = window.activeTextEditor;
  if (!editor) return undefined;
  const { line, character } = editor.selection.active;
  return { uri: editor.document.uri.toString(), position: { line, character } };
}
