# Built from package-lock.json alone; what runs has no compiler, no test and no root.
FROM node:24-bookworm-slim AS build
WORKDIR /parley
COPY package.json package-lock.json ./
COPY agent-console/package.json agent-console/
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 PARLEY_DATA_DIR=/data
WORKDIR /parley
COPY --from=build /parley/package.json ./
COPY --from=build /parley/node_modules node_modules
COPY --from=build /parley/dist dist
COPY --from=build /parley/agent-console/package.json agent-console/package.json
COPY --from=build /parley/agent-console/dist agent-console/dist
COPY --from=build /parley/knowledge-base knowledge-base
COPY --from=build /parley/flows flows
RUN mkdir /data && chown node:node /data
VOLUME /data
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=4s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:3000/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
CMD ["node", "dist/main.js"]
