import type { ExtensionContext, LogOutputChannel } from 'vscode';
import type { AwsAccess } from './aws/access';
import type { PodRolesClient } from './client';
import type { RecordedLog } from './log';
import type { StatusItem } from './status';
import type { AccessSource } from './views/accessSource';
import type { DiagnoseView } from './views/diagnose/view';
import type { ExplainView } from './views/explain/panel';
import type { MapView } from './views/map/panel';
import type { MigrateView } from './views/migrate/panel';
import type { PermissionsView } from './views/permissions/panel';
import type { RenderedFindings } from './views/rendered';
import type { RolesTree } from './views/roles/tree';
import type { TextPages } from './views/textPages';

/** What commands may use. */
export interface Services {
  readonly client: PodRolesClient;
  readonly log: LogOutputChannel;
  readonly recorded: RecordedLog;
  readonly status: StatusItem;
  readonly explain: ExplainView;
  readonly diagnose: DiagnoseView;
  readonly access: AccessSource;
  readonly roles: RolesTree;
  readonly map: MapView;
  readonly migrate: MigrateView;
  readonly permissions: PermissionsView;
  readonly textPages: TextPages;
  readonly rendered: RenderedFindings;
  readonly aws: AwsAccess;
  readonly context: ExtensionContext;
}
