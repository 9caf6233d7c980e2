import { type Answer, decoded, notFound } from './answer.ts'
import { entriesOf } from './git-tree.ts'
import { escaped, link, page } from './html.ts'
import { oidOf } from './rest-git.ts'
import type { SeenRepository, World } from './world.ts'

const SHOWN_BYTES = 2 * 1024 * 1024

/** Marks the lines of \`#L3-L7\`; one line is marked by the style sheet alone. */
const SCRIPT = `const mark=()=>{const [,a,b]=/^#L(\\d+)-L(\\d+)$/.exec(location.hash)??[];for(const row of document.querySelectorAll('tr[id]')){const n=Number(row.id.slice(1));row.classList.toggle('on',n>=Number(a)&&n<=Number(b))}document.getElementById('L'+a)?.scrollIntoView({block:'center'})};addEventListener('hashchange',mark);mark()`

async function folder(repository: SeenRepository, at: string, path: string): Promise<Answer> {
  const title = `${repository.owner}/${repository.name}${path === '' ? '' : `/${path}`}`
  const start = oidOf(repository, at)
  if (start === null) return page(title, '<p>This repository is empty.</p>')
  const root = await repository.objects.tree(start)
  const oid = root === null ? null : await repository.objects.at(root, path)
  const tree = oid === null ? null : await repository.objects.readAs(oid, 'tree')
  if (tree === null) return notFound()
  const base = `/${repository.owner}/${repository.name}`
  const rows = entriesOf(tree)
    .filter(item => item.type !== 'commit')
    .map(item => link(encodeURI(`${base}/${item.type}/${at}/${path === '' ? '' : `${path}/`}${item.name}`), item.name))
  return page(title, `<ul>${rows.join('')}</ul>`)
}

async function file(repository: SeenRepository, at: string, path: string): Promise<Answer> {
  const start = oidOf(repository, at)
  const root = start === null ? null : await repository.objects.tree(start)
  const oid = root === null ? null : await repository.objects.at(root, path)
  const blob = oid === null ? null : await repository.objects.readAs(oid, 'blob')
  if (blob === null) return notFound()
  const title = `${repository.owner}/${repository.name}/${path}`
  if (blob.body.subarray(0, 8000).includes(0)) return page(title, '<p>A binary file is not shown.</p>')
  const lines = blob.body.subarray(0, SHOWN_BYTES).toString('utf8').split('\n')
  const rows = lines.map((line, index) => {
    const id = `L${index + 1}`
    return `<tr id="${id}"><td><a href="#${id}">${index + 1}</a></td><td>${escaped(line)}</td></tr>`
  })
  const cut = blob.size > SHOWN_BYTES ? '<p>The rest of this file is not shown.</p>' : ''
  return page(title, `<table>${rows.join('')}</table>${cut}`, `<script>${SCRIPT}</script>`)
}

/** The pages that links of a scorecard lead to: a file with its lines, a folder, a repository, the organisation. */
export async function webAnswer(path: string, world: World): Promise<Answer> {
  const [owner = '', name = '', kind, at = 'HEAD', ...rest] = path.slice(1).split('/').map(decoded)
  if (name === '') {
    const rows = (await world.list()).map(repository =>
      link(encodeURI(`/${repository.owner}/${repository.name}`), repository.name),
    )
    return page(world.org, `<ul>${rows.sort().join('')}</ul>`)
  }
  const found = await world.find(owner, name)
  if (found === null) return notFound()
  if (kind === 'blob') return file(found.repository, at, rest.join('/'))
  return folder(found.repository, at, kind === 'tree' ? rest.join('/') : '')
}
