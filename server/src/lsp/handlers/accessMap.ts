import { accessMapPage } from '../../core/features/accessMapPage';
import type { Place } from '../../core/syntax/sourceFile';
import { accessMapRequest, type AccessMapPage } from '../../../../protocol/workspace';
import { isWithin, relativePath, toPath } from '../../host/paths';
import { guard, type Session } from '../session';
import type { Parts } from './parts';

/** podRoles/accessMap: who can become what in this workspace, as a page. */
export function registerAccessMap(session: Session, { settings }: Parts): void {
  const failed = { message: 'The access map could not be made; the log says why.' };
  session.connection.onRequest(
    accessMapRequest,
    guard<Record<string, never>, AccessMapPage | { readonly message: string }>(session, 'podRoles/accessMap', failed, () => {
      const { workspace } = session;
      return accessMapPage(workspace, ({ doc, span }: Place) => {
        const at = workspace.position(doc, span.start);
        const path = toPath(doc.uri);
        const root = settings.roots.find((folder) => isWithin(folder, path));
        return `${root === undefined ? path : relativePath(root, path)}${at ? `:${at.line + 1}` : ''}`;
      });
    }),
  );
}
