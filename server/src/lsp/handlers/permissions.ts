import { forNotification } from '../../core/text/visible';
import { roleArnOf, rolePermissions, type RoleQuestion } from '../../core/features/permissionsPage';
import { permissionsText } from '../../core/features/permissions/text';
import { policyDocument } from '../../core/features/policyDocument';
import {
  permissionsRequest,
  policyDocumentRequest,
  type PermissionsPage,
  type PermissionsParams,
  type PolicyDocumentParams,
} from '../../../../protocol/permissions';
import { placesOf } from '../places';
import { guard, type Session } from '../session';

const failed = { message: 'Internal error: the permissions could not be shown. See the log.' };

/** podRoles/permissions: what a role may do, and the same as text. */
export function registerPermissions(session: Session): void {
  session.connection.onRequest(
    permissionsRequest,
    guard<PermissionsParams, PermissionsPage | { readonly message: string }>(session, 'podRoles/permissions', failed, async (params) => {
      const { workspace } = session;
      const question = questionOf(session, params);
      await session.aws?.wantRole(roleArnOf(workspace, question));
      const page = rolePermissions(workspace, question, placesOf(workspace));
      return 'problem' in page ? { message: forNotification(page.problem) } : { ...page, text: permissionsText(page) };
    }),
  );
}

function questionOf(session: Session, params: PermissionsParams): RoleQuestion {
  if ('roleArn' in params) return { roleArn: params.roleArn };
  const { uri, position } = params;
  return { uri, offset: position && session.documents.get(uri)?.offsetAt(position) };
}

/** podRoles/policyDocument: the text of a policy of AWS. */
export function registerPolicyDocument(session: Session): void {
  session.connection.onRequest(
    policyDocumentRequest,
    guard<PolicyDocumentParams, { readonly title: string; readonly text: string; readonly uri: string } | { readonly message: string }>(
      session,
      'podRoles/policyDocument',
      failed,
      (params) => {
        const document = policyDocument(session.workspace.wiring.aws, params);
        return 'problem' in document ? { message: forNotification(document.problem) } : document;
      },
    ),
  );
}
