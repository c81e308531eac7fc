import { ProgressLocation, window } from 'vscode';
import { permissionsRequest } from '../../../protocol/permissions';
import type { Services } from '../services';

/** Opens all that a role may do as a page that can be searched and copied. The role: of a hover's link, or at the cursor. */
export async function showRolePermissions({ client, aws, textPages }: Services, target?: unknown): Promise<void> {
  const question = roleOf(target) ?? cursor();
  if (!question) {
    void window.showInformationMessage(
      "Put the cursor on the annotation eks.amazonaws.com/role-arn, on a role ARN or on a trust policy to show the role's permissions.",
    );
    return;
  }
  if (!(await aws.ensure("read the role's permissions"))) return;
  const page = await window.withProgress({ location: ProgressLocation.Window, title: 'Pod Roles: reading permissions' }, () =>
    client.request(permissionsRequest, question),
  );
  await textPages.openAnswer(page);
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
