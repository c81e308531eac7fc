import {
  commands,
  EventEmitter,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  Uri,
  window,
  type Disposable,
  type TreeDataProvider,
  type TreeView,
} from 'vscode';
import type { AccessSource } from '../accessSource';
import { rolesTree, type RoleNode } from './model';

/** `when` of the commands that need a filter: the button that clears it. */
const filterKey = 'podRoles.rolesFiltered';

/** What a row hands to the commands of its menu: Explain Access and Show Role Permissions take it as it is. */
export interface Row {
  readonly node: RoleNode;
  readonly uri?: string;
  readonly position?: { readonly line: number; readonly character: number };
  readonly roleArn?: string;
}

/** The Roles tree of the Explorer. */
export class RolesTree implements TreeDataProvider<Row>, Disposable {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: TreeView<Row>;
  private readonly disposables: Disposable[];
  private roots: readonly Row[] = [];
  private filter = '';

  constructor(private readonly source: AccessSource) {
    this.view = window.createTreeView('podRoles.roles', { treeDataProvider: this, showCollapseAll: true });
    this.disposables = [
      this.changed,
      this.view,
      source.while(() => this.view.visible),
      source.onDidChange(() => this.rebuild()),
      this.view.onDidChangeVisibility(({ visible }) => {
        if (visible) void source.update();
      }),
    ];
  }

  getTreeItem({ node }: Row): TreeItem {
    const { kind, label, description, decision, place, roleArn, children } = node;
    const item = new TreeItem(label, stateOf(node));
    item.id = node.id;
    item.description = description;
    item.tooltip = [label, description, place?.label].filter(Boolean).join('\n');
    item.iconPath = icon(node);
    item.contextValue = [kind, place && 'placed', roleArn && 'arn', node.explain && 'explained'].filter(Boolean).join('.');
    const verdict = { denied: "can't assume", unknown: 'unknown', allowed: 'can assume' }[decision];
    item.accessibilityInformation = {
      label: [label, kind === 'group' ? '' : verdict, description, children.length > 0 ? `${children.length} below` : '']
        .filter(Boolean)
        .join(', '),
    };
    if (place) item.command = { title: 'Go to', command: 'podRoles.goTo', arguments: [{ node }] };
    return item;
  }

  getChildren(row?: Row): Row[] {
    if (!row) {
      if (!this.source.last) void this.source.update(true);
      return [...this.roots];
    }
    return row.node.children.map(rowOf);
  }

  /** Asks for words and shows only the rows that hold them. */
  async askFilter(): Promise<void> {
    const words = await window.showInputBox({
      title: 'Filter the Roles tree',
      prompt: 'Words in the names of clusters, namespaces, service accounts, roles or workloads. Empty shows everything.',
      value: this.filter,
    });
    if (words !== undefined) this.setFilter(words);
  }

  setFilter(words: string): void {
    this.filter = words.trim();
    void commands.executeCommand('setContext', filterKey, this.filter !== '');
    this.rebuild();
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private rebuild(): void {
    const { last } = this.source;
    const isData = last !== undefined && 'rows' in last;
    this.roots = isData ? rolesTree(last, this.filter).map(rowOf) : [];
    const filtered = this.filter === '' ? undefined : `Filter: ${this.filter}${this.roots.length === 0 ? ' (nothing matches)' : ''}`;
    // Nothing is set where there is nothing to say: the editor would keep a line free for it.
    this.view.message = last && 'message' in last ? last.message : filtered;
    this.changed.fire();
  }
}

function rowOf(node: RoleNode): Row {
  const { explain, roleArn } = node;
  return {
    node,
    ...(explain ? { uri: explain.uri, position: { line: explain.line, character: explain.character } } : {}),
    ...(roleArn === undefined ? {} : { roleArn }),
  };
}

function stateOf({ kind, decision, children }: RoleNode): TreeItemCollapsibleState {
  if (children.length === 0) return TreeItemCollapsibleState.None;
  const isOpen = decision === 'denied' && kind !== 'account';
  return isOpen ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed;
}

function icon({ kind, decision }: RoleNode): ThemeIcon {
  if (kind === 'role') return new ThemeIcon('shield');
  if (kind === 'workload') return new ThemeIcon('package');
  const [name, color] = {
    denied: ['error', 'errorForeground'],
    unknown: ['question', 'editorWarning.foreground'],
    allowed: ['pass', 'testing.iconPassed'],
  }[decision] as [string, string];
  return new ThemeIcon(name, new ThemeColor(color));
}

/** What "Go to" gets: a row of the tree. */
export function placeOfRow(value: unknown): { readonly uri: Uri; readonly line: number; readonly character: number } | undefined {
  const place = (value as { node?: RoleNode } | undefined)?.node?.place;
  return place && { uri: Uri.parse(place.uri, true), line: place.line, character: place.character };
}
