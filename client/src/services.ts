import type { ExtensionContext, LogOutputChannel } from 'vscode';
import type { AwsAccess } from './aws/access';
import type { PodRolesClient } from './client';
import type { StatusItem } from './status';
import type { DiagnoseView } from './views/diagnose/view';
import type { ExplainPages } from './views/explain';
import type { RenderedFindings } from './views/rendered';
import type { TextPages } from './views/textPages';

/** What commands may use. */
export interface Services {
  readonly client: PodRolesClient;
  readonly log: LogOutputChannel;
  readonly status: StatusItem;
  readonly pages: ExplainPages;
  readonly diagnose: DiagnoseView;
  readonly textPages: TextPages;
  readonly rendered: RenderedFindings;
  readonly aws: AwsAccess;
  readonly context: ExtensionContext;
}
