import { base64 } from '../digest.ts'
import { type FileMap, json, text, under } from '../files.ts'
import type { Posture } from '../posture.ts'
import { dependencies, lockedOf, lostHash, type Part, type PartOptions } from './part.ts'

/** A .NET project; `hashed` has packages.lock.json, `exact` the project's versions alone. */
export function dotnet(options: PartOptions): Part {
  const directory = options.directory ?? ''
  return {
    ecosystem: 'nuget',
    directory,
    files: posture => under(directory, files(options, posture)),
    setup: { uses: 'actions/setup-dotnet', with: { 'dotnet-version': '9.0.x' } },
    install: installCommand,
    test: 'dotnet test',
    audit: 'dotnet restore -p:NuGetAudit=true -p:NuGetAuditLevel=high -p:WarningsAsErrors="NU1903;NU1904"',
    ...(options.image && {
      image: posture => ({
        base: 'northwind/dotnet-sdk',
        tag: '9.0.305',
        take: '.',
        run: installCommand(posture),
        command: `["dotnet", "${options.name}.dll"]`,
      }),
    }),
  }
}

function installCommand(posture: Posture): string {
  return posture.install === 'loose' || posture.lock !== 'hashed' ? 'dotnet restore' : 'dotnet restore --locked-mode'
}

function files({ name, uses }: PartOptions, posture: Posture): FileMap {
  const direct = dependencies(uses, posture.generation)
  return {
    [`${name}.csproj`]: text(
      '<Project Sdk="Microsoft.NET.Sdk">',
      '  <PropertyGroup>',
      '    <TargetFramework>net9.0</TargetFramework>',
      posture.lock !== 'exact' && '    <RestorePackagesWithLockFile>true</RestorePackagesWithLockFile>',
      '  </PropertyGroup>',
      '  <ItemGroup>',
      direct.map(one => `    <PackageReference Include="${one.name}" Version="${one.version}" />`),
      '  </ItemGroup>',
      '</Project>',
    ),
    'Program.cs': 'return 0;\n',
    ...(!['none', 'exact'].includes(posture.lock) && {
      'packages.lock.json': json({
        version: 1,
        dependencies: {
          'net9.0': Object.fromEntries(
            lockedOf(posture, direct).map(({ name: id, version }, index) => [
              id,
              {
                type: 'Direct',
                requested: `[${version}, )`,
                resolved: version,
                ...(!lostHash(posture, index) && { contentHash: base64(`${id} ${version}`) }),
              },
            ]),
          ),
        },
      }),
    }),
  }
}
