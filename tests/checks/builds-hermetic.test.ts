import { describe, expect, test } from 'vitest'
import { mended, places, verdictOf } from './verdict-of.ts'

const judge = (files: Record<string, string>) => verdictOf('builds-hermetic', files)
const stage = (...lines: string[]) => `FROM a AS build\n${lines.join('\n')}\n`

test('one good and one bad make exactly one finding', () => {
  const result = judge({
    'a/Dockerfile': stage('RUN go mod download', 'RUN --network=none go build .'),
    'b/Dockerfile': stage('RUN go mod download', 'RUN go build .'),
  })
  expect(result).toMatchObject({ outcome: 'fail', examined: 2, value: 0.5 })
  expect(places(result)).toEqual(['b/Dockerfile:3'])
})

test.each([
  [['RUN go mod download', 'RUN --network=none go build .']],
  [['RUN go build -mod=vendor .']],
  [['ENV GOFLAGS="-trimpath -mod=vendor"', 'RUN go build .']],
  [['RUN go mod download', 'RUN GOPROXY=off go build .']],
  [['RUN npm ci', 'RUN --network=none npm run build']],
  [['RUN npm ci', 'RUN --mount=type=cache,target=/x --network=none npm run build && npm test']],
  [['RUN --mount=type=cache,target=/root/.npm npm ci --offline']],
  [
    [
      'RUN pip download -r r.txt -d /w',
      'FROM a',
      'COPY --from=build /w /w',
      'RUN pip install --no-index --find-links=/w -r r.txt',
    ],
  ],
  [
    [
      'RUN python3 -m pip wheel -r r.txt -w /w',
      'FROM a',
      'ENV PIP_NO_INDEX=1',
      'RUN pip install --find-links=/w -r r.txt',
    ],
  ],
  [['RUN cargo fetch --locked', 'RUN cargo build --release --offline']],
  [['RUN cargo build --frozen']],
  [['RUN mvn dependency:go-offline', 'RUN mvn -o package']],
  [['RUN mvn -B dependency:go-offline', 'RUN --network=none mvn -B package']],
  [['RUN gradle dependencies', 'RUN ./gradlew --offline build']],
  [['RUN dotnet restore', 'RUN dotnet publish --no-restore -o /out']],
  [['RUN bundle cache', 'RUN bundle install --local']],
  [['RUN pnpm fetch', 'RUN pnpm install --offline', 'RUN --network=none pnpm run build']],
  [['RUN go mod download']],
  [['RUN npm ci', 'COPY . .', 'RUN --network=none node build.js']],
])('right: %j', ([...lines]) => {
  expect(judge({ Dockerfile: stage(...lines) })).toMatchObject({ outcome: 'pass', examined: 1 })
})

test.each([
  [['RUN go build .'], 2],
  [['RUN go mod download && go build .'], 2],
  [['RUN go mod download', 'RUN --network=default go build .'], 3],
  [['RUN npm ci'], 2],
  [['RUN npm ci', 'RUN npm run build'], 3],
  [['RUN npm ci', 'RUN --network=none npm run build', 'RUN npm run lint'], 4],
  [['RUN pip install -r r.txt'], 2],
  [['RUN pip download -r r.txt -d /w', 'RUN pip install -r r.txt'], 3],
  [['RUN cargo build --release --locked'], 2],
  [['RUN mvn package'], 2],
  [['RUN ./mvnw -B verify'], 2],
  [['RUN dotnet publish'], 2],
  [['RUN yarn install --immutable && yarn build'], 2],
  [['RUN uv sync --locked'], 2],
  [['RUN bundle install'], 2],
  [['RUN composer install'], 2],
  [['FROM b', 'RUN npm ci'], 3],
])('wrong: %j', (lines, line) => {
  const result = judge({ Dockerfile: stage(...lines) })
  expect(result).toMatchObject({ outcome: 'fail', examined: 1, value: 0 })
  expect(places(result)).toEqual([`Dockerfile:${line}`])
})

test.each([
  [['RUN apt-get update && apt-get install -y curl']],
  [['COPY a b', 'CMD ["npm", "start"]']],
  [['RUN echo go build', 'RUN pip --version', 'RUN npm config set x y', 'RUN go version']],
])('not examined: %j', ([...lines]) => {
  expect(judge({ Dockerfile: stage(...lines) }).outcome).toBe('not-applicable')
})

describe('the whole build without a network', () => {
  const Dockerfile = stage('RUN go build .')
  const workflow = (step: string) =>
    `on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n      - ${step}\n`
  test.each([
    ['Dockerfile', workflow('run: docker build --network=none -t x .')],
    ['web/Dockerfile', workflow('run: cd web && docker buildx build --network none .')],
    ['build/app.Dockerfile', workflow('run: docker build -f build/app.Dockerfile --network none .')],
    ['web/Dockerfile', workflow('{uses: docker/build-push-action@v6, with: {context: web, network: none}}')],
  ])('%s %j', (path, text) => {
    expect(judge({ [path]: Dockerfile, '.github/workflows/ci.yml': text }).outcome).toBe('pass')
  })
  test('of compose', () => {
    const compose = 'services:\n  a:\n    build:\n      context: ./web\n      network: none\n'
    expect(judge({ 'web/Dockerfile': Dockerfile, 'compose.yaml': compose }).outcome).toBe('pass')
    expect(judge({ Dockerfile, 'compose.yaml': compose }).outcome).toBe('fail')
  })
})

test('a checked-in vendor folder is what Go builds from', () => {
  const files = { Dockerfile: stage('WORKDIR /src', 'COPY . .', 'RUN go build .'), 'go.mod': 'module x\n\ngo 1.22\n' }
  expect(judge({ ...files, 'vendor/modules.txt': '# x\n' }).outcome).toBe('pass')
  expect(judge(files).outcome).toBe('fail')
})

test('what a script of the repository does belongs to the RUN that calls it', () => {
  const files = { 'build.sh': 'go build .\n', Dockerfile: stage('COPY . .', 'RUN ./build.sh') }
  expect(places(judge(files))).toEqual(['Dockerfile:3'])
  expect(judge({ ...files, Dockerfile: stage('COPY . .', 'RUN --network=none ./build.sh') }).outcome).toBe('pass')
})

test('a Makefile that calls make again is followed, and a wrapper for other platforms is the tool', () => {
  const files = {
    Makefile: 'app:\n\tOS=linux $(MAKE) build\nbuild:\n\tgo build .\n',
    Dockerfile: stage('RUN go mod download', 'COPY . .', 'RUN make app'),
  }
  expect(places(judge(files))).toEqual(['Dockerfile:4'])
  expect(places(judge({ Dockerfile: stage('RUN xx-go build .') }))).toEqual(['Dockerfile:2'])
})

test('what of other files could not be read does not matter', () => {
  const unread = [{ part: 'files' as const, path: null, reason: '5 of 9 of another kind were read' }]
  const result = (snapshot: Parameters<typeof verdictOf>[2]) =>
    verdictOf('builds-hermetic', { Dockerfile: stage('RUN go build -mod=vendor .') }, snapshot).outcome
  expect(result({ unread })).toBe('pass')
  expect(result({ unread, tree: [{ path: 'b/Dockerfile', mode: '100644', oid: 'x', size: 1 }] })).toBe('unknown')
})

test('the flag is put in only where everything was fetched before', () => {
  const ready = { Dockerfile: stage('RUN npm ci', 'RUN --mount=type=cache,target=/x npm run build', 'RUN npm test') }
  expect(mended(ready, judge(ready))).toEqual({
    Dockerfile: stage(
      'RUN npm ci',
      'RUN --network=none --mount=type=cache,target=/x npm run build',
      'RUN --network=none npm test',
    ),
  })
  expect(judge({ Dockerfile: stage('RUN npm ci && npm run build') }).findings[0]?.patch).toBeUndefined()
  expect(judge({ Dockerfile: stage('RUN go build .') }).findings[0]?.patch).toBeUndefined()
})

test('what is tested or shown is built for nobody, and that is told', () => {
  const text = 'FROM node\nCOPY . .\nRUN npm ci\n'
  const result = verdictOf('builds-hermetic', {
    'tests/a/Dockerfile': text,
    'examples/Dockerfile': text,
    Dockerfile: text,
  })
  expect(result).toMatchObject({ examined: 1, notes: [expect.stringContaining('2 places')] })
})
