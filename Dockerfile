# syntax=docker/dockerfile:1
# One image per app: docker build --target gateway . (or hub, mastodon-stream, producer, processor, simulator, dlq).
# scripts/check-image-steps.sh runs the RUN and CMD lines of this file without a container engine: keep them to what
# works in any folder.

FROM node:24.21.0-slim AS source
WORKDIR /app
COPY package.json package-lock.json ./

# What runs, shared by all images. The optional packages are a Node of one's own: the image has it already.
FROM source AS dependencies
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund --loglevel=error

FROM source AS build
RUN npm ci --no-audit --no-fund --loglevel=error
COPY . .
RUN node scripts/build.mjs hub mastodon-stream producer processor gateway simulator dlq web

FROM node:24.21.0-slim AS runtime
ENV NODE_ENV=production \
    BIND_ADDRESS=0.0.0.0 \
    DATA_DIR=/data \
    API_GATEWAY_SERVER_PORT=8080 \
    SERVICE_PORT=50051 \
    OPERATIONS_PORT=9464
# A volume takes over the owner of the folder that it is mounted on.
RUN install --directory --owner=node --group=node /data
WORKDIR /app
COPY deploy/health.mjs package.json ./
COPY --from=dependencies /app/node_modules node_modules
# By number, so that Kubernetes can tell that it is not root.
USER 1000:1000
VOLUME /data
STOPSIGNAL SIGTERM

FROM runtime AS hub
COPY --from=build /app/dist/apps/hub dist
COPY --from=build /app/dist/apps/web dist/web
EXPOSE 8080 50051 50052
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["node", "health.mjs", "http://127.0.0.1:8080/health/ready"]
CMD ["node", "--enable-source-maps", "dist/apps/hub/src/main.js"]

FROM runtime AS mastodon-stream
COPY --from=build /app/dist/apps/mastodon-stream dist
EXPOSE 9464
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["node", "health.mjs", "http://127.0.0.1:9464/health/ready"]
CMD ["node", "--enable-source-maps", "dist/apps/mastodon-stream/src/main.js"]

FROM runtime AS producer
COPY --from=build /app/dist/apps/producer dist
EXPOSE 50051 9464
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["node", "health.mjs", "http://127.0.0.1:9464/health/ready"]
CMD ["node", "--enable-source-maps", "dist/apps/producer/src/main.js"]

# What it reads and writes is short-lived: a small nursery for it and a bounded heap (MiB) save 100 MiB and no time. So do
# few arenas for what lies outside of the heap.
FROM runtime AS processor
ENV MALLOC_ARENA_MAX=2
COPY --from=build /app/dist/apps/processor dist
EXPOSE 50051 9464
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["node", "health.mjs", "http://127.0.0.1:9464/health/ready"]
CMD ["node", "--enable-source-maps", "--max-semi-space-size=8", "--max-old-space-size=256", "dist/apps/processor/src/main.js"]

FROM runtime AS gateway
COPY --from=build /app/dist/apps/gateway dist
COPY --from=build /app/dist/apps/web dist/web
EXPOSE 8080 50052
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["node", "health.mjs", "http://127.0.0.1:8080/health/ready"]
CMD ["node", "--enable-source-maps", "dist/apps/gateway/src/main.js"]

FROM runtime AS simulator
COPY --from=build /app/dist/apps/simulator dist
ENV SIMULATOR_PORT=8090
EXPOSE 8090
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["node", "health.mjs", "http://127.0.0.1:8090/api/v2/instance"]
CMD ["node", "--enable-source-maps", "dist/apps/simulator/src/main.js"]

# docker compose run --rm dlq list
FROM runtime AS dlq
COPY --from=build /app/dist/apps/dlq dist
ENTRYPOINT ["node", "--enable-source-maps", "dist/apps/dlq/src/main.js"]
CMD ["list"]
