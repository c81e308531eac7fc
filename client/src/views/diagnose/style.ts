/** Colours and fonts are the editor's own; it reads well at 400 px. */
export const style = `
body { padding: 0 16px 24px; max-width: 900px; font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); color: var(--vscode-foreground); line-height: 1.5; overflow-wrap: anywhere; }
h1 { font-size: 1.4em; font-weight: 600; margin: 16px 0 4px; }
h2 { font-size: 1.15em; font-weight: 600; margin: 20px 0 4px; padding-left: 10px; border-left: 3px solid var(--vscode-editorInfo-foreground); }
h2.certain { border-color: var(--vscode-editorError-foreground); }
h2.likely { border-color: var(--vscode-editorWarning-foreground); }
h3 { font-size: 1em; font-weight: 600; margin: 14px 0 2px; }
ul { margin: 0; padding-left: 20px; }
label { display: block; margin: 12px 0 4px; font-weight: 600; }
code { font-family: var(--vscode-editor-font-family); }
.hint, .class, .tell { color: var(--vscode-descriptionForeground); }
textarea { width: 100%; box-sizing: border-box; resize: vertical; padding: 6px; font-family: var(--vscode-editor-font-family); font-size: var(--vscode-editor-font-size); color: var(--vscode-input-foreground); background: var(--vscode-input-background); border: 1px solid var(--vscode-input-border, var(--vscode-panel-border)); }
select { width: 100%; box-sizing: border-box; padding: 4px; font-family: inherit; font-size: inherit; color: var(--vscode-dropdown-foreground); background: var(--vscode-dropdown-background); border: 1px solid var(--vscode-dropdown-border); }
.buttons { display: flex; flex-wrap: wrap; gap: 8px; margin: 12px 0; }
button { font-family: inherit; font-size: inherit; padding: 4px 11px; border: 1px solid var(--vscode-button-border, transparent); border-radius: 2px; cursor: pointer; color: var(--vscode-button-secondaryForeground); background: var(--vscode-button-secondaryBackground); }
button:hover { background: var(--vscode-button-secondaryHoverBackground); }
button.primary { color: var(--vscode-button-foreground); background: var(--vscode-button-background); }
button.primary:hover { background: var(--vscode-button-hoverBackground); }
button.link { padding: 0; border: 0; text-align: left; color: var(--vscode-textLink-foreground); background: none; }
button.link:hover { text-decoration: underline; }
:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 1px; }
`;
