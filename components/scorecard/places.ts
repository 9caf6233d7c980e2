type Place = { webUrl: string; org: string; name: string; commit: string }

/** The address of a file's lines at the commit that was crawled. */
export function linesHref(
  { webUrl, org, name, commit }: Place,
  file: { path: string; startLine: number; endLine: number },
): string {
  const path = file.path.split('/').map(encodeURIComponent).join('/')
  const lines = file.endLine > file.startLine ? `L${file.startLine}-L${file.endLine}` : `L${file.startLine}`
  return `${commitHref({ webUrl, org, name, commit }, 'blob')}/${path}#${lines}`
}

export function commitHref({ webUrl, org, name, commit }: Place, kind: 'blob' | 'tree' | 'commit'): string {
  return `${webUrl}/${encodeURIComponent(org)}/${encodeURIComponent(name)}/${kind}/${commit}`
}
