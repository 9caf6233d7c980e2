# The Node that package-lock.json names, once for all stages; Dependabot raises tag and digest together.
FROM node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6 AS base
ENV NEXT_TELEMETRY_DISABLED=1
WORKDIR /app

# With the network: exactly what the lock names, and none of it is run.
FROM base AS packages
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev --ignore-scripts

# Without the network: the database client, the pages, and the manifest of all that is served or run.
# The key that signs the manifest is lent for this step alone: --secret id=signing-key,src=…
FROM packages AS build
COPY . .
RUN --network=none --mount=type=secret,id=signing-key \
    if [ -f /run/secrets/signing-key ]; then export PLUMBLINE_SIGNING_KEY_FILE=/run/secrets/signing-key; fi; \
    node scripts/generate.ts && node scripts/build.ts
# The Node of the image is the one that runs, and what only builds and tests need stays behind.
RUN --network=none npm prune --omit=dev --ignore-scripts && rm -rf node_modules/node-linux-* .next/cache

# Owned by root and written by nobody: the service can read its program and not change it.
FROM base
ENV NODE_ENV=production PLUMBLINE_HOST=0.0.0.0 PLUMBLINE_INTEGRITY=refuse
COPY --from=build /app/package.json /app/package-lock.json /app/.npmrc /app/next.config.ts /app/proxy.ts /app/LICENSE ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/prisma ./prisma
COPY --from=build /app/demo ./demo
COPY --from=build /app/lib ./lib
COPY --from=build /app/workers ./workers
COPY --from=build /app/scripts ./scripts
COPY --from=build /app/.next ./.next
USER 1000:1000
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT ?? 3000}/api/health`).then(({ status }) => process.exit(status < 500 ? 0 : 1), () => process.exit(1))"]
# The worker is the same image with `node workers/main.ts`.
CMD ["node", "scripts/web.ts", "--no-build"]
