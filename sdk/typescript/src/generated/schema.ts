// Generated from the API's document by scripts/generate.mjs. Do not edit.

export interface paths {
    "/v1/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List projects */
        get: operations["listProjects"];
        put?: never;
        /**
         * Create a project
         * @description Without files, or `from` something: an engine's starter, or a prompt. With a prompt, which needs the scope `jobs:write` as well, the
         *     project is made together with a pipeline that generates the game and builds a preview, and the answer has both.
         */
        post: operations["createProject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projects/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a project from a zip
         * @description The body is the zip, or a form whose only field `file` has it; it is at most 128 MiB, and its files are limited as a project's are. A single folder at
         *     the top is stripped. What programs leave beside files (`.git`, `node_modules`, `__MACOSX`, `.DS_Store` and the like) is left out, and `left_out` tells it.
         *     The engine is recognized by the files unless `engine` names it. A zip is refused as a whole if a path leaves it or could be taken for another,
         *     or if it has links, encrypted entries, archives within it, or anything that its directory does not describe exactly.
         */
        post: operations["importProject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projects/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** Get a project */
        get: operations["getProject"];
        put?: never;
        post?: never;
        /**
         * Delete a project
         * @description It is not found any more, its games are not served, and its jobs that have not ended are cancelled. It can be restored until it is
         *     removed, 30 days later unless the platform is configured otherwise.
         */
        delete: operations["deleteProject"];
        options?: never;
        head?: never;
        /**
         * Change a project
         * @description What the body does not name stays as it is; `labels` are changed as a whole.
         */
        patch: operations["changeProject"];
        trace?: never;
    };
    "/v1/projects/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restore a deleted project */
        post: operations["restoreProject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projects/{id}/duplicate": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a project with the files of another */
        post: operations["duplicateProject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projects/{id}/transfer": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Transfer a project to another account
         * @description For a person who is an owner of both accounts, and for the master key. The project goes with its revisions, their conversation, and its artifacts. Its
         *     jobs, and what they have used, stay with the account for which they ran until the project is removed for good. Keys that are for this project alone end.
         *     A project with jobs that have not ended, or with schedules, is refused with `project_in_use`, and one for which the other account has no room with
         *     `storage_exceeded`.
         */
        post: operations["transferProject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projects/{id}/changes": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change several files as one revision
         * @description All of the changes are made, in their order, or none. A change that does not find a file as it needs it is answered with 409, and
         *     `errors` says which. With `If-Match` the changes are made only to the revision that was read.
         */
        post: operations["changeFiles"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projects/{id}/revisions/{revision}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
                revision: components["parameters"]["RevisionInPath"];
            };
            cookie?: never;
        };
        /** Get a revision */
        get: operations["getRevision"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Name a revision
         * @description A revision with a name is a checkpoint, which is kept. "" takes the name away.
         */
        patch: operations["nameRevision"];
        trace?: never;
    };
    "/v1/projects/{id}/revisions/{revision}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
                revision: components["parameters"]["RevisionInPath"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go back to a revision
         * @description A new revision with its files becomes the current one, so that nothing is lost.
         */
        post: operations["restoreRevision"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projects/{id}/revisions/{revision}/merge": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
                revision: components["parameters"]["RevisionInPath"];
            };
            cookie?: never;
        };
        /**
         * See what merging a revision would do
         * @description Nothing is changed. What the current revision would become is compared with what it is; files that conflict are left as they are.
         */
        get: operations["previewMerge"];
        put?: never;
        /**
         * Merge a revision into the current one
         * @description For the revision of a generation that was superseded, or any other. Both are compared with the nearest revision that they were made from: files, and lines
         *     of texts, that only one of them has changed are taken from it. The new revision has both as its parents and becomes the current one. Changes to the same
         *     lines, or to lines beside one another, conflict; so do a change and a deletion or a move of the same file, and different files at one path. With
         *     conflicts that nothing settles the answer is 409 with the code `merge_conflict`, and `conflicts` lists them. Without anything to merge it is the current revision.
         */
        post: operations["mergeRevision"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projects/{id}/revisions/{revision}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
                revision: components["parameters"]["RevisionInPath"];
            };
            cookie?: never;
        };
        /**
         * Compare a revision with another
         * @description With its parent, unless `base` names another revision of the project. Differences in lines are there for texts up to 256 KiB, and
         *     1 MiB in all.
         */
        get: operations["diffRevision"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projects/{id}/revisions/{revision}/download": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
                revision: components["parameters"]["RevisionInPath"];
            };
            cookie?: never;
        };
        /** Download a revision's files as a zip */
        get: operations["downloadRevision"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projects/{id}/revisions": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** List a project's revisions */
        get: operations["listRevisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projects/{id}/files": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /**
         * List the files of a revision
         * @description The current revision, unless `revision_id` names another. A project without a revision has no files. `If-Match` and
         *     `If-None-Match` are evaluated as in RFC 9110.
         */
        get: operations["listFiles"];
        /**
         * Replace all files
         * @description Makes a new revision that has exactly these files. The body is at most 16 MiB.
         */
        put: operations["replaceFiles"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projects/{id}/files/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
                /** @description A relative path; its slashes need not be escaped */
                path: components["parameters"]["FilePath"];
            };
            cookie?: never;
        };
        /** Read a file */
        get: operations["readFile"];
        /**
         * Write a file
         * @description Makes a new revision in which the body is the file's content. The body is at most 8 MiB.
         */
        put: operations["writeFile"];
        post?: never;
        /**
         * Delete a file
         * @description Makes a new revision without the file.
         */
        delete: operations["deleteFile"];
        options?: never;
        head?: never;
        /**
         * Patch a file
         * @description Makes a new revision in which the file is patched as the media type of the body says: a JSON file by the operations of RFC 6902
         *     (`application/json-patch+json`) or a merge patch of RFC 7396 (`application/merge-patch+json`), any text by a unified diff (`text/x-diff` or
         *     `text/x-patch`), each line of which must be where it says. What does not fit the file is answered with 409 and changes nothing. With `If-Match`
         *     the patch is made only to the file that was read. The patch is at most 4 MiB, the file 1 MiB. To patch several files as one revision, see
         *     `POST /v1/projects/{id}/changes`.
         */
        patch: operations["patchFile"];
        trace?: never;
    };
    "/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List jobs
         * @description Those that all parameters name. A page looks through a part of the account's jobs: it may have fewer than `limit`, or none, and
         *     a `next_cursor` that goes on.
         */
        get: operations["listJobs"];
        put?: never;
        /** Submit a job */
        post: operations["submitJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** Get a job */
        get: operations["getJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a job
         * @description A waiting job is cancelled immediately; a running job as soon as its worker has stopped it. Cancelling twice is fine;
         *     cancelling a job that succeeded or failed is a conflict.
         */
        post: operations["cancelJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a failed or cancelled job again
         * @description Jobs of its pipeline that were cancelled because of it are queued again as well.
         */
        post: operations["retryJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /**
         * List a job's events
         * @description The events after `after`, oldest first, for clients that do not read event streams. With `wait` it is a long poll: if there are none yet,
         *     the answer comes as soon as there are, or after that many seconds with an empty list. Once the job has ended there is nothing to
         *     wait for.
         */
        get: operations["listJobEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /**
         * Follow a job
         * @description Server-sent events: the job's complete history, then each change as it happens. `id` counts from 1 without gaps,
         *     `event` is the type, `data` is a JobEvent. The stream ends after the event that ends the job. To resume a broken
         *     stream, send the id of the last event received as `Last-Event-ID` (or `last_event_id`). If no event can follow, the
         *     answer is 204, which tells an EventSource to stop. Some time after a job has ended, all of its events but the last are
         *     removed; a stream then begins with what is left.
         */
        get: operations["streamJobEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow all jobs of the account
         * @description Server-sent events of all jobs: `event` is the type, `data` is a StreamEvent, and `id` its position. Positions ascend in the
         *     order in which events were committed, with gaps, and nothing appears later behind a position that was sent. So a stream that is
         *     resumed at the last id received misses nothing and repeats nothing. Without an id it begins with what happens from now on; `0`
         *     begins with the oldest event that is kept. Ids without an event come now and then: everything up to them was sent.
         *
         *     A position is good for as long as events are kept (see docs/retention.md). After that the answer is 410 with the code
         *     `cursor_expired`, also if the platform has never given the position, for example after a backup was restored.
         */
        get: operations["streamEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projects/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /**
         * Follow all jobs of a project
         * @description As `/v1/events`, with the same positions, for the jobs of one project.
         */
        get: operations["streamProjectEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/pipelines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List pipelines */
        get: operations["listPipelines"];
        put?: never;
        /**
         * Submit several jobs that depend on one another
         * @description All of them are accepted, or none. Steps run in order, unless `after` names others. A prompt or an id in the input of a step may refer to
         *     what an earlier step makes: `{{steps.NAME.output.FIELD}}`. An id is one reference and nothing else; in a prompt, fields that are no texts
         *     are written as JSON. Whether there is such a step and such a field is checked at once.
         *
         *     Instead of steps, `template` names one that has them, and `params` has the values of its parameters.
         */
        post: operations["submitPipeline"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/pipelines/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** Get a pipeline with its jobs */
        get: operations["getPipeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/pipelines/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a pipeline
         * @description Cancels all of its jobs that have not ended: those that wait at once, and those that run as soon as they have stopped. Cancelling
         *     twice is not an error.
         */
        post: operations["cancelPipeline"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/pipelines/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Retry what failed of a pipeline
         * @description Queues the jobs again that failed or were cancelled, with those that were cancelled because of them. What has succeeded is not done again.
         */
        post: operations["retryPipeline"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/pipelines/{id}/steps/{name}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
                /** @description The name of the step */
                name: components["parameters"]["StepName"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve a step
         * @description The step succeeds, with the comment and the data as its output. Of several who decide at once one does; the others get 409 with the code
         *     `approval_decided`, and before the step waits 409 with `approval_not_waiting`.
         */
        post: operations["approveStep"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/pipelines/{id}/steps/{name}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
                /** @description The name of the step */
                name: components["parameters"]["StepName"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reject a step
         * @description The step fails with the code `approval_rejected`. As with approving, of several who decide at once one does.
         */
        post: operations["rejectStep"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/pipelines/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /**
         * Follow all jobs of a pipeline
         * @description As `/v1/events`, with the same positions, for the jobs of one pipeline. Without an id it begins with the pipeline's oldest event
         *     that is kept. When all of its jobs have ended, the stream sends an event of the type `end`, whose data is the pipeline, and ends; if it
         *     is resumed after that, the answer is 204, which tells an EventSource to stop.
         */
        get: operations["streamPipelineEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List operations
         * @description Newest first. With `project_id` those that are about the jobs of that project alone.
         */
        get: operations["listOperations"];
        put?: never;
        /**
         * Cancel or retry many jobs
         * @description Does to each job that the filter finds what `POST /v1/jobs/{id}/cancel` or `…/retry` does, bit by bit, and says how far it is. It is about the jobs
         *     that were submitted before it; a retry is about those that had ended before it, and queues each at most once. Three operations of an account may be
         *     under way. A key that is restricted to a project reaches the jobs of that alone; a browser token reaches none.
         */
        post: operations["createOperation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** Get an operation */
        get: operations["getOperation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operations/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop an operation
         * @description It goes no further; what it has done stays. Stopping it twice is fine; stopping one that has ended is a conflict.
         */
        post: operations["cancelOperation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/artifacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List artifacts */
        get: operations["listArtifacts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/artifacts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** Get an artifact with its list of files */
        get: operations["getArtifact"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/artifacts/{id}/provenance": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /**
         * Get the signed statement of how an artifact was made
         * @description An in-toto v1 statement with SLSA provenance v1, in a DSSE envelope. `spark verify` checks it; the keys are at
         *     `/v1/signing-keys`. Artifacts of a platform without a signing key have no statement.
         */
        get: operations["getProvenance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/signing-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the public keys that verify provenance
         * @description Newest first. Keys that are no longer in use stay listed, because their signatures must stay verifiable.
         */
        get: operations["listSigningKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/artifacts/{id}/download": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /**
         * Download an artifact
         * @description An export is the file to ship. A build is sent as a zip of its files; equal builds give equal bytes.
         */
        get: operations["downloadArtifact"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/artifacts/{id}/files/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
                /** @description A relative path; its slashes need not be escaped */
                path: components["parameters"]["FilePath"];
            };
            cookie?: never;
        };
        /** Read a file of an artifact */
        get: operations["readArtifactFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/engines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the engines
         * @description Every installed version of every engine, as reported by the running workers. An engine is available if at
         *     least one of them can build with it.
         */
        get: operations["listEngines"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/pool": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the workers' sandboxes
         * @description The state of the sandbox pools, as reported by the workers within the last ten seconds. For admins and
         *     auditors, because it names the jobs of all accounts.
         */
        get: operations["getPool"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/end-users/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Erase an end user
         * @description Their jobs that have not ended are cancelled, and the account's schedules that submit for them removed. Then their id goes, with the inputs, outputs, events,
         *     metadata and error texts of their jobs, the prompts and messages of the revisions that these have made, and their names in the audit. What they used counts
         *     for nobody in particular; the files that were made stay. It may be repeated, and has to be while `complete` is false: a worker has not stopped a job yet.
         *     The id stands in the body, so that it is in no log.
         */
        post: operations["eraseEndUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Report usage
         * @description Buckets of finished jobs that start in [from, to), newest first. The default is the last 30 days by day, or the
         *     last 48 hours by hour. A report spans at most 1000 buckets of time. With `end_user` it is that of one end user, by day.
         */
        get: operations["getUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/usage/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Report what was used, by hour or day, project, end user and kind
         * @description What jobs used that ended in [from, to), as soon as they have, oldest first. Hours and days are UTC. The default is the last 30 days, or the last 48 hours.
         *     Hours are kept for 30 days, days for ever. A report spans at most 1000 hours or days, and has at most 5000 rows, or a million as CSV. Tokens and build
         *     time of all attempts count; those of a job that is retried count once.
         */
        get: operations["reportUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List schedules */
        get: operations["listSchedules"];
        put?: never;
        /**
         * Make a schedule
         * @description It submits a job or a pipeline of the account at the times of a cron expression, and is the account's: it goes on when the key that made it is revoked.
         *     What it is to submit is checked as if it were submitted now. Besides its own scope it needs `jobs:write`.
         */
        post: operations["createSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Show when an expression would be due */
        post: operations["previewSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** Get a schedule */
        get: operations["getSchedule"];
        put?: never;
        post?: never;
        /**
         * Delete a schedule
         * @description With its history. What it has submitted stays.
         */
        delete: operations["deleteSchedule"];
        options?: never;
        head?: never;
        /**
         * Change, pause or resume a schedule
         * @description Fields that are missing stay as they are. One that is resumed goes on with its next time; what would have been due meanwhile is left out. Besides its
         *     own scope it needs `jobs:write`.
         */
        patch: operations["changeSchedule"];
        trace?: never;
    };
    "/v1/schedules/{id}/run": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a schedule now
         * @description Submits what the schedule submits, also if it is paused; its times stay as they are. If what it submitted before has not ended and its `overlap` is
         *     `skip`, that is 409 with the code `key_held`. Besides its own scope it needs `jobs:write`.
         */
        post: operations["runSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{id}/firings": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /**
         * List what a schedule did
         * @description Each time that was due, with what was submitted, or why nothing was. Kept for 30 days.
         */
        get: operations["listFirings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List templates
         * @description The account's own, and after them those that every account has.
         */
        get: operations["listTemplates"];
        put?: never;
        /**
         * Make a template
         * @description Its steps are those of a pipeline, in whose inputs `{{params.NAME}}` stands for a parameter. They are checked with the defaults of the parameters, or
         *     values that they take. Besides its own scope it needs `jobs:write`. An account has at most 200.
         */
        post: operations["createTemplate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/templates/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the template */
                name: components["parameters"]["TemplateName"];
            };
            cookie?: never;
        };
        /**
         * Get a template
         * @description The account's own of this name, or else the one that every account has. `If-Match` and `If-None-Match` are evaluated as in RFC 9110.
         */
        get: operations["getTemplate"];
        put?: never;
        post?: never;
        /**
         * Delete a template
         * @description What was submitted stays. If schedules submit pipelines of it, the answer is 409 with the code `conflict`.
         */
        delete: operations["deleteTemplate"];
        options?: never;
        head?: never;
        /**
         * Change a template
         * @description Fields that are missing stay as they are; parameters and steps are replaced as a whole. What was submitted before stays as it is, and what schedules
         *     submit from now on is of the new version. Without a difference there is no new version. Besides its own scope it needs `jobs:write`.
         */
        patch: operations["changeTemplate"];
        trace?: never;
    };
    "/v1/webhooks/event-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the types of events
         * @description What webhooks tell, with a sample of each body. The document lists the same under `x-webhooks`.
         */
        get: operations["listWebhookEventTypes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List endpoints */
        get: operations["listWebhookEndpoints"];
        put?: never;
        /**
         * Make an endpoint
         * @description Spark posts what happens to its URL from now on, signed by the [Standard Webhooks](https://www.standardwebhooks.com) scheme. A URL to which nothing is sent
         *     is refused with `webhook_url_refused`, and `reason` says why. The endpoint's secrets are read by themselves.
         */
        post: operations["createWebhookEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/endpoints/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the endpoint */
                id: components["parameters"]["WebhookEndpointId"];
            };
            cookie?: never;
        };
        /** Get an endpoint */
        get: operations["getWebhookEndpoint"];
        put?: never;
        post?: never;
        /**
         * Delete an endpoint
         * @description With its secrets and its deliveries.
         */
        delete: operations["deleteWebhookEndpoint"];
        options?: never;
        head?: never;
        /**
         * Change, disable or enable an endpoint
         * @description Fields that are missing stay as they are; events and headers are replaced as a whole. One that is disabled gets nothing, also none of what happens meanwhile.
         */
        patch: operations["changeWebhookEndpoint"];
        trace?: never;
    };
    "/v1/webhooks/endpoints/{id}/secrets": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the endpoint */
                id: components["parameters"]["WebhookEndpointId"];
            };
            cookie?: never;
        };
        /**
         * Read the secrets of an endpoint
         * @description Those that sign now, the newest first: one, and others while it replaces them. Any one verifies.
         */
        get: operations["listWebhookSecrets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/endpoints/{id}/secrets/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the endpoint */
                id: components["parameters"]["WebhookEndpointId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace the secret of an endpoint
         * @description Until `overlap_seconds` are over, both sign. Without a `kind` it is of that of the newest secret; one of the other kind is added, and replaces none.
         */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/endpoints/{id}/health": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the endpoint */
                id: components["parameters"]["WebhookEndpointId"];
            };
            cookie?: never;
        };
        /** Get how an endpoint does */
        get: operations["getWebhookHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/endpoints/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the endpoint */
                id: components["parameters"]["WebhookEndpointId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test
         * @description An event of a type with made-up content and `test: true`, whether the endpoint wants the type or not.
         */
        post: operations["testWebhookEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/endpoints/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the endpoint */
                id: components["parameters"]["WebhookEndpointId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deliver again what was made since a time
         * @description The oldest 10,000 deliveries since then that have failed, or with `all` also those that were taken, are made again at once, with the ids that they had.
         */
        post: operations["replayWebhookEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/secrets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the account's default secrets
         * @description They sign what goes to the `webhook_url` of a job or a pipeline. The first one is made when it is first asked for.
         */
        get: operations["listDefaultWebhookSecrets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/secrets/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace the account's default secret
         * @description Until `overlap_seconds` are over, both sign. A secret of the other kind is added, and replaces none.
         */
        post: operations["rotateDefaultWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List deliveries
         * @description Newest first, for as long as they are kept. A caller that is restricted to a project names an endpoint of it.
         */
        get: operations["listWebhookDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/deliveries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the delivery */
                id: components["parameters"]["WebhookDeliveryId"];
            };
            cookie?: never;
        };
        /** Get a delivery */
        get: operations["getWebhookDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/deliveries/{id}/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the delivery */
                id: components["parameters"]["WebhookDeliveryId"];
            };
            cookie?: never;
        };
        /** List the attempts of a delivery */
        get: operations["listWebhookAttempts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/deliveries/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the delivery */
                id: components["parameters"]["WebhookDeliveryId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deliver again
         * @description At once, with the same `webhook-id`. One that is being made just now is a `conflict`, as is one to an endpoint that is disabled.
         */
        post: operations["replayWebhookDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/assets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List assets
         * @description Newest first.
         */
        get: operations["listAssets"];
        put?: never;
        /**
         * Upload an asset
         * @description A file for the account's games. The body is the file, named by `name`, or a form whose only field `file` has it; it is at most 64 MiB. What it is, is
         *     told by its content, and has to agree with how its name ends and with its media type in the form: png, jpeg, gif, webp, svg, wav, ogg, mp3, ttf,
         *     otf, woff, woff2, glb, gltf, json or txt. It is read to its last byte before it is kept; what is two things at once, unpacks to too much, could run
         *     or refers to other places is refused. Content that the account has already is that asset, with the status 200.
         */
        post: operations["createAsset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/assets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** Get an asset */
        get: operations["getAsset"];
        put?: never;
        post?: never;
        /**
         * Delete an asset
         * @description Projects that have taken it keep its content.
         */
        delete: operations["deleteAsset"];
        options?: never;
        head?: never;
        /** Rename an asset */
        patch: operations["changeAsset"];
        trace?: never;
    };
    "/v1/assets/{id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /**
         * Read an asset
         * @description Browsers show pictures and play sounds; everything else, and SVG, they save.
         */
        get: operations["readAsset"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/assets/{id}/thumbnail": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /**
         * Read an asset's thumbnail
         * @description A WebP image that fits 256 by 256 pixels. Only png, jpeg, gif and unanimated webp have one; the others answer 404.
         */
        get: operations["readAssetThumbnail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List uploads
         * @description Those in parts, open or not, that have not expired; newest first.
         */
        get: operations["listAssetUploads"];
        put?: never;
        /**
         * Begin to upload an asset in parts
         * @description The protocol is tus 1.0, so any client of it can be used. `Upload-Metadata` has the file's `filename`, and may have its `filetype` and the `sha256` of
         *     all of its content, which is compared at the end. `Upload-Length` is how many bytes it has, or `Upload-Defer-Length: 1` says that this comes later. The
         *     room for it is kept free in the account's storage. A body is the first part; if it fails, so does the request, and nothing stays.
         *     An upload is gone at the time in `Upload-Expires`. An account has a certain number of open ones at most.
         */
        post: operations["createAssetUpload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /**
         * Get an upload
         * @description How far it is, and what has become of it: the asset, or why it was refused. HEAD answers the protocol's headers `Upload-Offset`, `Upload-Length` or
         *     `Upload-Defer-Length`, and `Upload-Metadata`; a refused upload answers it with the refusal.
         */
        get: operations["getAssetUpload"];
        put?: never;
        post?: never;
        /**
         * Delete an upload
         * @description What has arrived of it is removed. The asset that has become of it stays.
         */
        delete: operations["deleteAssetUpload"];
        options?: never;
        head?: never;
        /**
         * Go on with an upload
         * @description The body goes on where `Upload-Offset` says, which is what has arrived: else it is a conflict, as it is for the slower of two that go on at the same place.
         *     What arrives before a connection breaks is kept. With the last byte the file is looked at as any asset is; the answer has `Spark-Asset-Id` then, or is the
         *     refusal, after which nothing of the upload is left but that. Any process of the platform may answer each part.
         */
        patch: operations["appendAssetUpload"];
        trace?: never;
    };
    "/v1/account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the account of the key
         * @description Its plan, the limits that apply to it, how many of its jobs run and wait, and what it has used of the day's quotas.
         */
        get: operations["getAccount"];
        put?: never;
        post?: never;
        /**
         * Delete the account
         * @description Within a second its keys, browser tokens and members are refused (`account_suspended`); its jobs are cancelled and its schedules submit nothing. Whoever runs
         *     the platform can restore it for a while. Then everything is removed that is its own. An account with keys that administer the platform is a
         *     conflict.
         */
        delete: operations["deleteAccount"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/account/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export the account
         * @description A zip of all that the platform has of the account, as `docs/export.md` describes it, written while it is read: lines of JSON for each kind of thing, the files that
         *     revisions and assets name, and last a manifest with the SHA-256 of each. One that was interrupted has no directory and is no zip; repeat it then. One export of
         *     an account is under way at a time (`limit_reached`). Only owners may; the audit has an entry.
         */
        get: operations["exportAccount"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the account's keys
         * @description The keys that work, newest first. The text of a key is returned when it is made, and never again.
         */
        get: operations["listKeys"];
        put?: never;
        /**
         * Make a key of the account
         * @description The answer has the text of the key, which is stored nowhere: keep it. A key cannot make one that may do more than itself.
         */
        post: operations["createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** Get a key of the account */
        get: operations["getKey"];
        put?: never;
        post?: never;
        /**
         * Revoke a key of the account
         * @description For good. It is refused within a second, and its event streams end. A key cannot revoke one that may do more than itself.
         */
        delete: operations["revokeKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace a key by a new one
         * @description The new key has the name, the role and the scopes of the old one, which goes on working for the overlap, a day unless said otherwise. If the old one was made with an expiry, the new one lives as long from now on.
         */
        post: operations["rotateKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a browser token
         * @description For a page of your app that follows a job, a pipeline or a project without your key: your server makes the token and gives it to the
         *     page, which sends it as `Authorization: Bearer`; an EventSource, which cannot send headers, sends it to an event stream as the query's
         *     `token`. It may do what its `access` says, at its place, and never more than the key. It ends at its time, or with its key. Tokens are
         *     not stored.
         */
        post: operations["createToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show who is signed in
         * @description The user, and the accounts that they are a member of, with what they may do there.
         */
        get: operations["getMe"];
        put?: never;
        post?: never;
        /**
         * Erase oneself
         * @description Within a second the person's sessions and keys end; their memberships, e-mail address and name go. The audit keeps an id that is nobody's. Who signs in
         *     as the same person later is a new user. An account's last owner makes another one first, or deletes the account (409).
         */
        delete: operations["eraseMe"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/accounts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Leave an account
         * @description The own membership ends. The account's last owner cannot leave it.
         */
        delete: operations["leaveAccount"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List one's own keys
         * @description The keys that programs such as `spark login` were given to act as the person who is signed in, of all accounts, newest first. They do
         *     no more than the person may do in the account, and end with the membership.
         */
        get: operations["listMyKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke one's own key
         * @description It is refused within a second, and its event streams end.
         */
        delete: operations["revokeMyKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the browsers in which one is signed in */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        /** Sign out everywhere */
        delete: operations["endSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Sign out in one browser
         * @description The session is refused within a second, and its event streams end.
         */
        delete: operations["endSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the account's members */
        get: operations["listMembers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/members/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** Get a member, by the id of the user */
        get: operations["getMember"];
        put?: never;
        post?: never;
        /**
         * Remove a member
         * @description What the member has made stays, also keys: they are the account's. The last owner stays. Whoever is still given a role by a rule (`by_rule`) is
         *     back at the next sign-in.
         */
        delete: operations["removeMember"];
        options?: never;
        head?: never;
        /**
         * Give a member another role
         * @description It applies within a second. Nobody gives or takes a role that may do more than the caller. The account's last owner stays one.
         */
        patch: operations["changeMember"];
        trace?: never;
    };
    "/v1/me/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept an invitation
         * @description Whoever is signed in becomes a member of its account, or is given its role there. It works once.
         */
        post: operations["acceptInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the account's invitations
         * @description Those that can be accepted, newest first.
         */
        get: operations["listInvitations"];
        put?: never;
        /**
         * Invite somebody to the account
         * @description The answer has the link, which is stored nowhere: give it to whom you invite. It works once, after signing in. Nobody invites to more than they may
         *     do.
         */
        post: operations["createInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invitations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** Get an invitation of the account */
        get: operations["getInvitation"];
        put?: never;
        post?: never;
        /** Revoke an invitation of the account */
        delete: operations["revokeInvitation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List all users */
        get: operations["listUsers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** Get a user */
        get: operations["getUser"];
        put?: never;
        post?: never;
        /**
         * Erase a user
         * @description As they may themselves.
         */
        delete: operations["eraseUser"];
        options?: never;
        head?: never;
        /**
         * Disable a user, or enable them again
         * @description The sessions of a user who is disabled end for good, and they cannot sign in. Their memberships stay.
         */
        patch: operations["changeUser"];
        trace?: never;
    };
    "/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List who did what in the account
         * @description Newest first. An entry is written in the transaction of the change, and gets its place in the account's chain (`sequence`, `hash`) within a second.
         *     It has ids and words of the platform alone: no prompts, names or secrets. Submissions of jobs have no entry.
         */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export the account's audit
         * @description The entries that have their place in the chain, in its order, as lines of JSON. `spark audit verify` checks them.
         *     If entries were removed by policy after `after`, the first line is `{"checkpoint": …}`, the signed statement of that.
         */
        get: operations["exportAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/anchor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the newest place in the account's chain
         * @description Whoever keeps it elsewhere can prove later that nothing before it was changed or removed: `spark audit verify --anchor FILE`.
         */
        get: operations["getAuditAnchor"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List who did what on the platform
         * @description The entries of all accounts, newest first, or of one.
         */
        get: operations["listAllAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the accounts */
        get: operations["listAccounts"];
        put?: never;
        /** Create an account */
        post: operations["createAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/accounts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** Get an account */
        get: operations["readAccount"];
        put?: never;
        post?: never;
        /**
         * Delete an account
         * @description As its owner may. To delete it again cancels those of its jobs that an interrupted call has left.
         */
        delete: operations["deleteAnyAccount"];
        options?: never;
        head?: never;
        /**
         * Change an account
         * @description What the body does not name stays as it is; `limits` are changed as a whole. Changes apply within a second, without a restart. The jobs of an account that is `paused` are accepted and wait; the keys of one that is `suspended` are refused, and its jobs wait. Jobs that run go on.
         */
        patch: operations["changeAccount"];
        trace?: never;
    };
    "/v1/admin/accounts/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore a deleted account
         * @description It is active then. Jobs that were cancelled stay so. One of which something has been removed is not found.
         */
        post: operations["restoreAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/accounts/{id}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** List an account's keys */
        get: operations["listAccountKeys"];
        put?: never;
        /** Make a key of an account */
        post: operations["createAccountKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/accounts/{id}/keys/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
                key: components["parameters"]["KeyId"];
            };
            cookie?: never;
        };
        /** Get a key of an account */
        get: operations["getAccountKey"];
        put?: never;
        post?: never;
        /** Revoke a key of an account */
        delete: operations["revokeAccountKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/accounts/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause an account
         * @description Its jobs are accepted and wait, also those that were handed to workers and that none has taken. Those that run go on. It holds in every process within a second, and until it is lifted. Pausing twice is fine; a suspended account is a conflict.
         */
        post: operations["pauseAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/accounts/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a paused account
         * @description Its waiting jobs run as if they had waited for a free worker. A suspended account is a conflict.
         */
        post: operations["resumeAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the queues
         * @description For each kind and priority what it holds, how old the oldest is, how fast jobs end, and what is paused. Numbers of waiting jobs are exact below 1000; beyond that they are at least that, and `more` is true: what it costs to ask does not grow with the backlog.
         */
        get: operations["listQueues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/queues/{kind}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description generation, build, export or analytics */
                kind: components["parameters"]["KindInPath"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a kind of jobs
         * @description No job of the kind starts any more, of any account and priority: new ones are accepted and wait, and so do those that were handed to workers and that none has taken. Those that run go on, and those that fail wait to try again. It holds in every process within a second, until it is resumed, and without Redis. Pausing again changes nothing, not even the reason.
         */
        post: operations["pauseKind"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/queues/{kind}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description generation, build, export or analytics */
                kind: components["parameters"]["KindInPath"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a kind of jobs
         * @description What waited runs in the order in which it would have run. Resuming what is not paused is fine.
         */
        post: operations["resumeKind"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/flow": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell whether work is flowing, and which limit binds
         * @description One answer for whoever is called at night: whether jobs that could run do, the most urgent limit that keeps some waiting, and all others, each with its numbers and a sentence that says what to do. It answers from counters that cost the same however much waits, and also while the database or Redis is away.
         */
        get: operations["getFlow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/jobs/stuck": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List jobs that seem to be stuck
         * @description Jobs of all accounts, by `reason`:
         *
         *     | reason | the job |
         *     | --- | --- |
         *     | `silent` | runs, and has told no progress and logged nothing for `older_than` seconds |
         *     | `cancelling` | was asked to stop that long ago, and runs |
         *     | `expired` | lost its worker, and nobody has taken it over |
         *     | `dispatched` | was handed to the workers that long ago, and none has taken it |
         *     | `suspect` | waits for a worker of its own, because it ran when workers were lost |
         *     | `poisonous` | failed because too many workers were lost while they ran nothing else |
         */
        get: operations["listStuckJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/jobs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a job of any account
         * @description As its account would.
         */
        post: operations["cancelAnyJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/jobs/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a failed or cancelled job of any account again
         * @description As its account would, within its account's limits.
         */
        post: operations["retryAnyJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/workers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the workers and their sandboxes
         * @description Each process that runs jobs, newest first, as it said itself; those that were not seen for an hour are left out. Sandboxes come from a report that is lost with Redis; without one they are null.
         */
        get: operations["listWorkers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/workers/{id}/drain": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Drain a worker
         * @description It takes no more jobs, those that it has run to their end, and then it says that it is `drained`. It looks for this itself, twice a second, so no message can be lost. It stays so until it is resumed or ends.
         */
        post: operations["drainWorker"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/workers/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a drained worker take jobs again
         * @description Within a second. Resuming one that takes jobs is fine.
         */
        post: operations["resumeWorker"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/plans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the plans
         * @description All of them, by name.
         */
        get: operations["listPlans"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/plans/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: components["parameters"]["PlanName"];
            };
            cookie?: never;
        };
        /** Get a plan */
        get: operations["getPlan"];
        /**
         * Create or change a plan
         * @description The limits are changed as a whole, for all accounts that have the plan.
         */
        put: operations["putPlan"];
        post?: never;
        /**
         * Delete a plan
         * @description One that no account has.
         */
        delete: operations["deletePlan"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/play/{artifact}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Open a build to play it */
        get: operations["openGame"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/play/{artifact}/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Play a build
         * @description Serves the files of a build artifact; an empty path is its index.html. Anyone who knows the artifact's id may play.
         *     Games run in a browser sandbox with an opaque origin, not this server's.
         */
        get: operations["play"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/engine-modules/{sha256}/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an engine module that previews share */
        get: operations["getEngineModule"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process is alive */
        get: operations["healthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether every dependency is up
         * @description Dependencies are checked once a second in the background; the answer is the latest result, with its age.
         */
        get: operations["readyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Metrics for Prometheus */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.yaml": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * This document, as it was written
         * @description Without the answers and headers that any operation has, which the document in JSON repeats for each.
         */
        get: operations["getDocument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * This document in JSON
         * @description The scripts of any site may read it.
         */
        get: operations["getDocumentJSON"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document as a page to read */
        get: operations["getReference"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs/reference.css": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The style of that page */
        get: operations["getReferenceStyle"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Watch the queues
         * @description A web page that shows administrators and auditors the queues in Redis. The password of HTTP Basic authentication is an API key (any
         *     user name). Keys with only `platform:read` (the role `auditor`) may view the page, which has no buttons for them, but change
         *     nothing.
         */
        get: operations["adminQueues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Watch the jobs of all accounts
         * @description A web page that shows administrators and auditors the jobs of all accounts, newest first, by state, kind, error code and account.
         *     The password of HTTP Basic authentication is an API key (any user name).
         */
        get: operations["adminJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        /** Watch one job of any account */
        get: operations["adminJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/queues/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A relative path; its slashes need not be escaped */
                path: components["parameters"]["FilePath"];
            };
            cookie?: never;
        };
        /** Read a resource of the queues page */
        get: operations["readAdminQueues"];
        put?: never;
        /** Change something on the queues page */
        post: operations["changeAdminQueues"];
        /** Delete something on the queues page */
        delete: operations["deleteAdminQueues"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** Format: uuid */
        Id: string;
        /** @enum {string} */
        JobState: "blocked" | "queued" | "running" | "succeeded" | "failed" | "cancelled";
        /**
         * @description What a job does; an `approval` is a step of a pipeline that waits for somebody, and no worker runs it
         * @enum {string}
         */
        JobKind: "generation" | "build" | "export" | "analytics" | "approval";
        /** @enum {string} */
        Priority: "critical" | "default" | "low";
        /** @enum {string} */
        ArtifactKind: "build" | "export";
        /** @enum {string} */
        Period: "hour" | "day";
        /**
         * @description What happens to a step if a step that it waits for does not succeed; it is cancelled, or it runs anyway
         * @default cancel
         * @enum {string}
         */
        DependencyPolicy: "cancel" | "run";
        /**
         * @description How a step has to end for another to run: `failed` is also cancelled, `rejected` is that of an approval, also when its time was over, and `always` is
         *     any end.
         * @enum {string}
         */
        DependencyCondition: "succeeded" | "failed" | "rejected" | "always";
        /**
         * @description Stable and never renamed; new ones may be added.
         *
         *     | code of a problem | status | meaning |
         *     | --- | --- | --- |
         *     | `invalid_request` | 400 | A field, parameter or header is wrong; `errors` says which |
         *     | `invalid_path` | 400 | A file path leaves the project, or is not portable |
         *     | `invalid_files` | 400 | The files of a project conflict with one another, or are too many or too large |
         *     | `invalid_archive` | 400 | An archive is damaged, is not what it says, or has something that is not taken; the message says what |
         *     | `asset_type_mismatch` | 400 | An upload is not what its name or its media type says, or of a kind that is not taken |
         *     | `asset_refused` | 400 | An upload is not in order, or could do harm; the message says why |
         *     | `unknown_engine` | 400 | There is no such engine |
         *     | `unknown_version` | 400 | The engine does not have that version |
         *     | `unknown_kind` | 400 | There is no such kind of job |
         *     | `pipeline_cycle` | 400 | Steps of a pipeline wait for one another in a cycle |
         *     | `webhook_url_refused` | 400 | Nothing is sent to the URL; `reason` is syntax, scheme, userinfo, fragment, port, host, name or address |
         *     | `unauthorized` | 401 | The request has no valid key |
         *     | `forbidden` | 403 | The key does not have the scope that the operation needs |
         *     | `account_suspended` | 403 | The account is suspended; whoever runs the platform says why |
         *     | `not_found` | 404 | It does not exist, or belongs to someone else |
         *     | `pruned` | 404 | The same, and its id is so old that it may have been removed: jobs, pipelines, builds and revisions are kept for a limited time |
         *     | `cursor_expired` | 410 | The position in an event stream is older than what is kept, or not one of this platform: read what you follow again, and follow it from now on |
         *     | `method_not_allowed` | 405 | The path does not support the method |
         *     | `request_timeout` | 408 | The body came too slowly |
         *     | `conflict` | 409 | The resource's state does not allow it, for example retrying a running job |
         *     | `patch_test_failed` | 409 | An operation `test` of a JSON Patch did not find the value that it names; `errors` says which |
         *     | `merge_conflict` | 409 | Two revisions change the same things in different ways; `conflicts` says which |
         *     | `key_held` | 409 | A pipeline with the policy `skip` was not submitted, since a job has its concurrency key |
         *     | `project_in_use` | 409 | Jobs of the project have not ended, or schedules submit some for it |
         *     | `approval_not_waiting` | 409 | The step does not wait for a decision yet |
         *     | `approval_decided` | 409 | The step was approved or rejected before, or its time is over |
         *     | `idempotency_in_flight` | 409 | A request with the same idempotency key is being answered; ask again in a moment |
         *     | `secret_already_shown` | 409 | The first request with this idempotency key was answered with a secret, which is not stored; `resource_id` says what it made |
         *     | `answer_lost` | 409 | The first request with this idempotency key had its effect, but its answer was lost with its process; `resource_id` says what it made |
         *     | `limit_reached` | 409 | The account has as many of something as it may; `detail` names the limit |
         *     | `storage_exceeded` | 409 | The account stores as much as it may; `GET /v1/account` says how much |
         *     | `no_revision` | 409 | The project has no files yet |
         *     | `no_artifact` | 409 | There is no build to export |
         *     | `export_needs_release` | 409 | A preview cannot be exported or downloaded; build a release |
         *     | `not_playable` | 409 | The build does not run in a browser, or no single HTML file can be made of it; the message says why |
         *     | `precondition_failed` | 412 | The condition of If-Match or If-None-Match is not met |
         *     | `payload_too_large` | 413 | The body, or an input, is larger than its limit |
         *     | `range_not_satisfiable` | 416 | The content does not have the range |
         *     | `unsupported_media_type` | 415 | The body does not have the media type that the operation takes |
         *     | `idempotency_mismatch` | 422 | A different request had this idempotency key |
         *     | `backlog_full` | 429 | As many jobs of the account wait as may; `Retry-After` says when to try again |
         *     | `rate_limited` | 429 | Too many requests a minute; `Retry-After` says when there is room |
         *     | `quota_exceeded` | 429 | What may be used in a day is used; `Retry-After` says when the next day begins |
         *     | `too_many_requests` | 429 | Too many requests from this address are running |
         *     | `internal` | 500 | A fault of the platform; its log has details under the `request_id` |
         *     | `damaged` | 500 | A stored file is damaged |
         *     | `unavailable` | 503 | The platform, or something that it depends on, is down; try again |
         *     | `engine_unavailable` | 503 | No worker can build with the engine now |
         *
         *     The error of a job has one of these, or one of those above:
         *
         *     | code of a job's error | meaning |
         *     | --- | --- |
         *     | `compile_failed` | The game's code has mistakes; the output's `diagnostics` say where |
         *     | `build_failed` | The build failed in another way |
         *     | `invalid_output` | The build's output is not a game, or not safe to store |
         *     | `output_too_large` | The build's output is larger than its limit |
         *     | `out_of_memory` | The build exceeded its memory limit |
         *     | `timeout` | The attempt exceeded its time limit |
         *     | `sandbox_failed` | The sandbox failed; this is not the game's fault |
         *     | `sandbox_unavailable` | No sandbox provides the isolation that the platform demands |
         *     | `export_too_large` | The export is larger than its limit |
         *     | `not_editable` | The provider cannot make this change to these files |
         *     | `provider_failed` | The language model failed, or did not answer |
         *     | `provider_refused` | The language model refused the prompt |
         *     | `provider_truncated` | The language model's answer was cut off |
         *     | `provider_bad_output` | The language model's answer is not a game |
         *     | `provider_misconfigured` | The language model is not configured correctly |
         *     | `worker_lost` | The worker died while it ran the job |
         *     | `poisonous` | Three workers died while they ran only this job |
         *     | `dependency_failed` | A job that it waited for did not succeed |
         *     | `skipped` | The condition under which it was to run was not met |
         *     | `approval_rejected` | Somebody rejected it |
         *     | `approval_expired` | Nobody decided about it in time, and it is rejected then |
         *     | `reference_unresolved` | Its input refers to what another step of its pipeline was to make, and that made no such thing |
         *     | `expired` | It had not started by its `expires_at` |
         *     | `cancelled` | It was cancelled |
         *     | `panic` | A fault of the platform while it ran the job |
         */
        ErrorCode: string;
        FileEntry: {
            path: string;
            sha256: string;
            /** Format: int64 */
            size: number;
            media_type: string;
        };
        Problem: {
            /**
             * Format: uri-reference
             * @description Where the platform's page of reference describes the code
             */
            type: string;
            title: string;
            status: number;
            detail: string;
            code: components["schemas"]["ErrorCode"];
            request_id: string;
            /** @description What an earlier request with the same idempotency key made */
            resource_id?: string;
            /** @description More about the code, where it says so */
            reason?: string;
            /** @description What is in the way of a merge; with the code `merge_conflict` */
            conflicts?: components["schemas"]["MergeConflict"][];
            errors?: components["schemas"]["ProblemField"][];
        };
        ProblemField: {
            /** @description JSON pointer into the request's body */
            pointer?: string;
            /** @description Name of the query parameter, header or path parameter */
            parameter?: string;
            detail: string;
            code: components["schemas"]["ErrorCode"];
        };
        NewProject: {
            name: string;
            /**
             * @description As /v1/engines names it. It may be missing for a project from a starter.
             * @example phaser
             */
            engine?: string;
            /**
             * @description One of the versions that /v1/engines lists, to which the project is then pinned. Without it the project uses
             *     whichever version is the default.
             * @example 4.2.1
             */
            engine_version?: string;
            description?: string;
            labels?: components["schemas"]["Labels"];
            from?: components["schemas"]["ProjectSource"];
        };
        /** @description What a project is made from, `starter` or `prompt` */
        ProjectSource: {
            /**
             * @description The engine whose starter it is
             * @example phaser
             */
            starter?: string;
            /**
             * @description What game to make. At most 32 KiB.
             * @example a fox in a forest
             */
            prompt?: string;
            end_user?: components["schemas"]["EndUser"];
        };
        ImportedProject: {
            project: components["schemas"]["Project"];
            revision: components["schemas"]["Revision"];
            /** @description The folder at the zip's top that was stripped */
            folder: string | null;
            /** @description What was left out, by path; at most 100 */
            left_out: components["schemas"]["LeftOut"][];
        };
        LeftOut: {
            /** @description A file or a folder */
            path: string;
            /** @description How many files that are */
            files: number;
        };
        NewPipelineProject: {
            name: string;
            /**
             * @description As /v1/engines names it
             * @example phaser
             */
            engine: string;
            /**
             * @description One of the versions that /v1/engines lists, to which the project is then pinned. Without it the project uses
             *     whichever version is the default.
             * @example 4.2.1
             */
            engine_version?: string;
            description?: string;
            labels?: components["schemas"]["Labels"];
        };
        /** @description What your app notes about a project, at most 32 labels */
        Labels: {
            [key: string]: string;
        };
        ProjectChange: {
            name?: string;
            /** @description The version to pin the project to; "" is the default version */
            engine_version?: string;
            description?: string;
            labels?: components["schemas"]["Labels"];
        };
        Duplication: {
            /** @description That of the other with "(copy)" if it is missing */
            name?: string;
            revision_id?: components["schemas"]["Id"];
        };
        ProjectTransfer: {
            /** @description The account that gets the project */
            account_id: components["schemas"]["Id"];
        };
        Project: {
            id: components["schemas"]["Id"];
            name: string;
            engine: string;
            /** @description The version that the project is pinned to; null for the default version */
            engine_version: string | null;
            /** @description The current revision */
            revision_id: string | null;
            description: string;
            labels: components["schemas"]["Labels"];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            /** Format: date-time */
            deleted_at: string | null;
            /** @description That which makes the game; only in the answer to the creation of a project from a prompt */
            pipeline?: components["schemas"]["Pipeline"];
        };
        ProjectList: {
            data: components["schemas"]["Project"][];
            has_more: boolean;
            next_cursor: string | null;
        };
        Revision: {
            id: components["schemas"]["Id"];
            project_id: components["schemas"]["Id"];
            /** @description The first of `parents` */
            parent_id: string | null;
            /** @description The revisions that it was made from */
            parents: string[];
            /** @description The generation that wrote it */
            job_id: string | null;
            /** @description Who wrote it; null in revisions from before authors were recorded */
            author: components["schemas"]["Author"] | null;
            /** @description What was done, in a line: of a generation, its summary */
            message: string;
            /** @description Of a checkpoint, which is kept */
            name: string | null;
            /** @description What the generation that wrote it was asked */
            prompt: string | null;
            title: string;
            /** @description SHA-256 of the manifest */
            digest: string;
            files_count: number;
            /** Format: int64 */
            bytes: number;
            /** Format: date-time */
            created_at: string;
        };
        Author: {
            /** @enum {string} */
            kind: "key" | "user" | "job";
            id: string;
        };
        RevisionList: {
            data: components["schemas"]["Revision"][];
            has_more: boolean;
            next_cursor: string | null;
        };
        RevisionName: {
            name: string;
        };
        RevisionDiff: {
            data: components["schemas"]["FileDiff"][];
            has_more: boolean;
            next_cursor: string | null;
        };
        FileDiff: {
            path: string;
            /** @description Where a file was that has moved */
            from: string | null;
            /** @enum {string} */
            status: "added" | "modified" | "deleted" | "moved";
            old_sha256: string | null;
            new_sha256: string | null;
            /** Format: int64 */
            old_size: number | null;
            /** Format: int64 */
            new_size: number | null;
            /** @description The difference in lines, as `diff -u` writes it; null for what is no text, or too large */
            unified: string | null;
        };
        /**
         * @description `refuse` merges nothing if there is a conflict; `ours` takes the current revision's version and `theirs` the other's, only where they conflict; `markers`
         *     writes both versions of a text between marks (`<<<<<<<`), and refuses other conflicts
         * @enum {string}
         */
        ConflictPolicy: "refuse" | "ours" | "theirs" | "markers";
        NewMerge: {
            /** @description What is done, in a line */
            message?: string;
            conflicts?: components["schemas"]["ConflictPolicy"];
            /** @description What becomes of the conflicts of some files, whatever `conflicts` says */
            resolutions?: components["schemas"]["MergeResolution"][];
        };
        MergeResolution: {
            path: string;
            /** @enum {string} */
            take: "ours" | "theirs" | "markers";
        };
        MergePreview: {
            /** @description The nearest revision that both were made from; null if there is none among the last 10000 */
            base_id: string | null;
            /** @description The current revision */
            ours_id: string;
            /** @description The revision that is merged */
            theirs_id: string;
            /** @description What would change in the current revision */
            files: components["schemas"]["FileDiff"][];
            conflicts: components["schemas"]["MergeConflict"][];
        };
        MergeConflict: {
            path: string;
            /**
             * @description `modified`: both have changed the same lines; `deleted` and `moved`: one has deleted or moved what the other has changed; `added`: both have added it;
             *     `binary`: both have changed what is no text; `too_large`: both have changed a text of more than 1 MiB, or there are more than 32 MiB to compare
             * @enum {string}
             */
            kind: "modified" | "deleted" | "moved" | "added" | "binary" | "too_large";
            /**
             * @description Which has deleted or moved it
             * @enum {string|null}
             */
            side: "ours" | "theirs" | null;
            /** @description Where it has moved to */
            to: string | null;
            /** @description The places in a text that conflict; at most 20 of a file, and 64 KiB in all */
            hunks: components["schemas"]["MergeHunk"][];
            more_hunks: boolean;
        };
        MergeHunk: {
            /** @description The first line in the common base, from 1 */
            line: number;
            base: string;
            ours: string;
            theirs: string;
        };
        FileChanges: {
            /** @description What is done, in a line */
            message?: string;
            changes: components["schemas"]["FileChange"][];
        };
        FileChange: {
            /**
             * @description `create` a file that is not there, `replace` one that is, `write` it in either case, with `text` or `base64`, or the content of
             *     the asset whose id is `asset`; `delete` it; `move` it
             *     here from `from`; `patch` it by one of three: the unified diff `diff`, each line of which must be where it says; or, if it is JSON,
             *     by `json_patch` or `merge_patch`
             * @enum {string}
             */
            op: "create" | "replace" | "write" | "delete" | "move" | "patch";
            path: string;
            from?: string;
            text?: string;
            base64?: string;
            diff?: string;
            /** @description The id of one of the account's assets */
            asset?: string;
            /**
             * @description Operations of RFC 6902, all of which are done or none. `errors` says which one cannot be done; `patch_test_failed` is the code of a `test` that fails.
             *     Copies are at most 1 MiB in all, and neither the file nor the patch is nested more than 64 levels deep.
             * @example [
             *       {
             *         "op": "test",
             *         "path": "/speed",
             *         "value": 1
             *       },
             *       {
             *         "op": "replace",
             *         "path": "/speed",
             *         "value": 2
             *       }
             *     ]
             */
            json_patch?: {
                [key: string]: unknown;
            }[];
            /**
             * @description A merge patch of RFC 7396; what is null in it is taken away
             * @example {
             *       "speed": 2,
             *       "hint": null
             *     }
             */
            merge_patch?: {
                [key: string]: unknown;
            };
        };
        Asset: {
            id: components["schemas"]["Id"];
            name: string;
            /** @description Such as `png` */
            kind: string;
            media_type: string;
            /** @description The digest of its content */
            sha256: string;
            /**
             * Format: int64
             * @description In bytes
             */
            size: number;
            /** @description Of an image, in pixels */
            width?: number;
            /** @description Of an image, in pixels */
            height?: number;
            /** @description Of an image; more than 1 if it moves */
            frames?: number;
            /** @description Whether an image can be transparent */
            alpha?: boolean;
            /**
             * Format: int64
             * @description Of a sound, in milliseconds
             */
            duration_ms?: number;
            /** @description Of a sound, in hertz */
            sample_rate?: number;
            /** @description Of a sound */
            channels?: number;
            /** @description Whether there is a thumbnail */
            thumbnail: boolean;
            /** Format: date-time */
            created_at: string;
        };
        AssetList: {
            data: components["schemas"]["Asset"][];
            has_more: boolean;
            next_cursor: string | null;
        };
        AssetUpload: {
            id: components["schemas"]["Id"];
            name: string;
            /** @enum {string} */
            state: "open" | "finished" | "refused";
            /**
             * Format: int64
             * @description In bytes; null while it is not known
             */
            length: number | null;
            /**
             * Format: int64
             * @description How many bytes have arrived
             */
            offset: number;
            /** @description The digest that its content has to have */
            sha256: string | null;
            /** @description The asset that has become of it */
            asset_id: string | null;
            error: components["schemas"]["AssetUploadError"];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string;
        };
        /** @description Why it was refused */
        AssetUploadError: {
            code: components["schemas"]["ErrorCode"];
            message: string;
        } | null;
        AssetUploadList: {
            data: components["schemas"]["AssetUpload"][];
            has_more: boolean;
            next_cursor: string | null;
        };
        AssetChange: {
            /** @description It ends as the name of a file of its kind does */
            name: string;
        };
        FileList: {
            revision_id: string | null;
            title: string;
            digest: string;
            files: components["schemas"]["FileEntry"][];
        };
        NewFiles: {
            title?: string;
            files: components["schemas"]["NewFile"][];
        };
        /** @description Has `text` or `base64`. */
        NewFile: {
            path: string;
            text?: string;
            base64?: string;
        };
        /** @description A job. Its kind determines its input. */
        NewJob: components["schemas"]["NewGeneration"] | components["schemas"]["NewBuild"] | components["schemas"]["NewExport"] | components["schemas"]["NewAnalytics"];
        NewGeneration: {
            project_id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "generation";
            priority?: components["schemas"]["Priority"];
            input: components["schemas"]["GenerationInput"];
            metadata?: components["schemas"]["Metadata"];
            end_user?: components["schemas"]["EndUser"];
            run_at?: components["schemas"]["RunAt"];
            expires_at?: components["schemas"]["ExpiresAt"];
            concurrency_key?: components["schemas"]["ConcurrencyKey"];
            concurrency_policy?: components["schemas"]["ConcurrencyPolicy"];
            webhook_url?: components["schemas"]["EndWebhookURL"];
        };
        NewBuild: {
            project_id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "build";
            priority?: components["schemas"]["Priority"];
            input?: components["schemas"]["BuildInput"];
            metadata?: components["schemas"]["Metadata"];
            end_user?: components["schemas"]["EndUser"];
            run_at?: components["schemas"]["RunAt"];
            expires_at?: components["schemas"]["ExpiresAt"];
            concurrency_key?: components["schemas"]["ConcurrencyKey"];
            concurrency_policy?: components["schemas"]["ConcurrencyPolicy"];
            webhook_url?: components["schemas"]["EndWebhookURL"];
        };
        NewExport: {
            project_id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "export";
            priority?: components["schemas"]["Priority"];
            input?: components["schemas"]["ExportInput"];
            metadata?: components["schemas"]["Metadata"];
            end_user?: components["schemas"]["EndUser"];
            run_at?: components["schemas"]["RunAt"];
            expires_at?: components["schemas"]["ExpiresAt"];
            concurrency_key?: components["schemas"]["ConcurrencyKey"];
            concurrency_policy?: components["schemas"]["ConcurrencyPolicy"];
            webhook_url?: components["schemas"]["EndWebhookURL"];
        };
        NewAnalytics: {
            project_id?: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "analytics";
            priority?: components["schemas"]["Priority"];
            input?: components["schemas"]["AnalyticsInput"];
            metadata?: components["schemas"]["Metadata"];
            end_user?: components["schemas"]["EndUser"];
            run_at?: components["schemas"]["RunAt"];
            expires_at?: components["schemas"]["ExpiresAt"];
            concurrency_key?: components["schemas"]["ConcurrencyKey"];
            concurrency_policy?: components["schemas"]["ConcurrencyPolicy"];
            webhook_url?: components["schemas"]["EndWebhookURL"];
        };
        /** @description What your app notes about the job, at most 4096 bytes. It is shown with the job, and not looked at. */
        Metadata: {
            [key: string]: unknown;
        };
        EndUserErasure: {
            end_user: components["schemas"]["EndUser"];
        };
        ErasedEndUser: {
            /** @description Nothing is left. If it is false, ask again in a moment */
            complete: boolean;
            /** @description Jobs that were cancelled and have not ended yet */
            open_jobs: number;
            jobs: number;
            pipelines: number;
            /** @description Those that have lost their prompt and message */
            revisions: number;
            /** @description Those that were removed */
            schedules: number;
            audit_entries: number;
            /** @description Stored answers to requests with idempotency keys */
            answers: number;
        };
        /**
         * @description Whom of the account's own users the job is for: an id of the account's, of printable characters, that Spark does not interpret. The end
         *     users of an account share fairly what the account gets.
         */
        EndUser: string;
        /**
         * Format: date-time
         * @description The earliest start, at most a year ahead. A time in the past is now.
         */
        RunAt: string;
        /**
         * Format: date-time
         * @description A job that has not started by then fails with the code `expired` and never runs
         */
        ExpiresAt: string;
        /**
         * @description A name within the account, of printable characters. Of the jobs and pipelines that have it, one runs at a time; a pipeline has
         *     it until its last job has ended.
         */
        ConcurrencyKey: string;
        /**
         * @description What happens while another has the key. With `queue`, the default, this one waits for its turn, in order of submission. With
         *     `replace` those that wait are cancelled, and the one that runs, too; this one starts when that has stopped. With `skip` nothing
         *     is submitted, and the answer is 200 with the one that has the key.
         * @enum {string}
         */
        ConcurrencyPolicy: "queue" | "replace" | "skip";
        GenerationInput: {
            /** @description What game to make, or what to change in it. At most 32 KiB. */
            prompt: string;
            /**
             * Format: int64
             * @description Makes a generation repeatable if the provider supports that; with 0, only the prompt decides
             */
            seed?: number;
            /** @description A configured provider; by default the platform's default provider */
            provider?: string;
            /** @description Whether to ignore the project's current files instead of changing them */
            from_scratch?: boolean;
        };
        BuildInput: {
            /**
             * @description A preview is built fast and runs only on this server; a release can be exported. The default is a preview, or a
             *     release in a pipeline that exports it.
             * @enum {string}
             */
            mode?: "" | "preview" | "release";
            /** @description The default is the revision that the pipeline's generation wrote, or the project's current one */
            revision_id?: string;
            /** @description Build even if an earlier build of the same input could be reused */
            no_cache?: boolean;
        } | null;
        ExportInput: {
            /**
             * @description A zip of the game's files, or a single HTML file; the default is a zip
             * @enum {string}
             */
            format?: "" | "zip" | "html";
            /** @description The default is the artifact that the pipeline's build made, or the project's newest release */
            artifact_id?: string;
        } | null;
        AnalyticsInput: {
            /**
             * Format: date-time
             * @description The default is the end of the last rollup. Totals of days whose jobs are not all kept any longer do not change.
             */
            since?: string;
        } | null;
        /** @description A job. Its kind determines its input and output. */
        Job: components["schemas"]["GenerationJob"] | components["schemas"]["BuildJob"] | components["schemas"]["ExportJob"] | components["schemas"]["AnalyticsJob"] | components["schemas"]["ApprovalJob"];
        /** @description Who submitted it; null is the platform itself, as for a schedule */
        JobSubmitter: {
            /**
             * @description A key, a browser token of one, a platform's master key, a person who is signed in, or whoever runs the program
             * @enum {string}
             */
            kind: "key" | "token" | "master" | "session" | "local";
            key_id: string | null;
            user_id: string | null;
        } | null;
        /** @description The fields that all kinds of jobs have */
        JobFields: {
            id: components["schemas"]["Id"];
            project_id: string | null;
            pipeline_id: string | null;
            /** @description Its name in the pipeline */
            step: string | null;
            end_user: string | null;
            metadata: {
                [key: string]: unknown;
            } | null;
            submitter: components["schemas"]["JobSubmitter"];
            priority: components["schemas"]["Priority"];
            state: components["schemas"]["JobState"];
            attempt: number;
            /** Format: double */
            progress: number;
            stage: string;
            error: components["schemas"]["JobError"];
            /**
             * Format: date-time
             * @description The earliest start; after a failure that of the next try
             */
            run_at: string;
            /** Format: date-time */
            expires_at: string | null;
            concurrency_key: string | null;
            /** @description The header `traceparent` of the request that submitted the job, if it was valid (W3C Trace Context) */
            traceparent: string | null;
            cancel_requested: boolean;
            /** Format: int64 */
            tokens_in: number | null;
            /** Format: int64 */
            tokens_out: number | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            started_at: string | null;
            /** Format: date-time */
            finished_at: string | null;
        };
        GenerationJob: components["schemas"]["JobFields"] & {
            /** @enum {string} */
            kind: "generation";
            input: components["schemas"]["GenerationInput"];
            output: components["schemas"]["GenerationOutput"];
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "generation";
        };
        BuildJob: components["schemas"]["JobFields"] & {
            /** @enum {string} */
            kind: "build";
            input: components["schemas"]["BuildInput"];
            output: components["schemas"]["BuildOutput"];
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "build";
        };
        ExportJob: components["schemas"]["JobFields"] & {
            /** @enum {string} */
            kind: "export";
            input: components["schemas"]["ExportInput"];
            output: components["schemas"]["ExportOutput"];
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "export";
        };
        AnalyticsJob: components["schemas"]["JobFields"] & {
            /** @enum {string} */
            kind: "analytics";
            input: components["schemas"]["AnalyticsInput"];
            output: components["schemas"]["AnalyticsOutput"];
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "analytics";
        };
        ApprovalJob: components["schemas"]["JobFields"] & {
            /** @enum {string} */
            kind: "approval";
            input: components["schemas"]["ApprovalInput"];
            output: components["schemas"]["ApprovalOutput"];
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "approval";
        };
        /** @description Output of the attempt that ended the job; of a failed attempt, what may help to understand the failure */
        GenerationOutput: {
            /** @description The revision that it wrote */
            revision_id?: string;
            /**
             * @description Whether the project was changed while the job ran. The change stays current. The generation's revision is stored
             *     under `revision_id`, and later jobs of its pipeline use it.
             */
            superseded?: boolean;
            /** @description If it was superseded, where its revision is merged into what is current; a GET tells what that would do */
            merge_url?: string;
            title?: string;
            /** @description What was made or changed */
            summary?: string;
            /** @description Only from the provider `builtin` */
            genre?: string;
            /** @description Only from the provider `builtin`: the parts of the prompt that it acted on, in a few words each */
            understood?: string[];
            /** @description Only from the provider `builtin`: the parts of the prompt that it did not act on */
            ignored?: string[];
            files?: number;
            /** Format: int64 */
            bytes?: number;
            provider: string;
            model?: string;
            /** Format: int64 */
            tokens_in?: number;
            /** Format: int64 */
            tokens_out?: number;
        } | null;
        /** @description Output of the attempt that ended the job; of a failed attempt, mostly its diagnostics */
        BuildOutput: {
            artifact_id?: string;
            revision_id: string;
            /** @description preview or release */
            mode: string;
            engine: string;
            engine_version?: string;
            files?: number;
            /** Format: int64 */
            bytes?: number;
            /** @description web, linux, pck or files, see Artifact */
            format?: string;
            /** @description For web builds: where to play it, on this server */
            play_url?: string;
            /** Format: int64 */
            build_ms?: number;
            /** @description Whether the content comes from an earlier build of the same input */
            cached?: boolean;
            /** @description The artifact of that earlier build */
            cached_from?: string;
            /** @description At most 50 diagnostics */
            diagnostics?: components["schemas"]["Diagnostic"][];
        } | null;
        ApprovalInput: {
            /** @description What it is about; may have references */
            message?: string;
            /**
             * Format: int64
             * @description How long it waits, in seconds; 0, the default, is a week
             */
            expires_in?: number;
            /**
             * @description What happens when nobody has decided by then; the default is to reject
             * @enum {string}
             */
            on_expiry?: "" | "reject" | "approve";
            /** @description The end users of whom a request has to be that decides; without any, whoever may change the pipeline decides */
            approvers?: string[];
            /** @description What whoever approves is asked for. Later steps refer to it as `{{steps.NAME.output.FIELD}}` */
            fields?: components["schemas"]["Parameters"];
        } | null;
        /** @description Values that somebody is asked for, by their names */
        Parameters: {
            [key: string]: components["schemas"]["Parameter"];
        };
        Parameter: {
            /** @enum {string} */
            type: "string" | "number" | "boolean" | "enum";
            description?: string;
            /** @description Whether it must be given */
            required?: boolean;
            /** @description What it is if it is not given */
            default?: unknown;
            /** @description Those of an enum */
            values?: string[];
            /** Format: double */
            minimum?: number;
            /** Format: double */
            maximum?: number;
            /**
             * Format: int32
             * @description In characters
             */
            min_length?: number;
            /**
             * Format: int32
             * @description In characters
             */
            max_length?: number;
        };
        /** @description Who decided what */
        ApprovalOutput: {
            /** @enum {string} */
            decision: "approved" | "rejected";
            /** @description Whether nobody decided in time, and the step decided itself */
            expired: boolean;
            by: components["schemas"]["Decider"];
            comment: string;
            /** @description The fields that it was approved with */
            data: {
                [key: string]: unknown;
            };
            /** Format: date-time */
            decided_at: string;
        } | null;
        /** @description Who decided */
        Decider: {
            /** @description The API key that the request came with */
            key_id?: string;
            /** @description The person who was signed in, or whose key it is */
            user_id?: string;
            /** @description Whether it came with a browser token of the key */
            token?: boolean;
            /** @description The end user whose request it was */
            end_user?: string;
        } | null;
        NewDecision: {
            comment?: string;
            end_user?: components["schemas"]["EndUser"];
            /** @description The fields that the step asks for; only of one that is approved */
            data?: {
                [key: string]: unknown;
            };
        };
        /** @description A step that waits for a decision */
        WaitingApproval: {
            step: string;
            job_id: components["schemas"]["Id"];
            message: string;
            /** Format: date-time */
            since: string;
            /** Format: date-time */
            until: string;
            /** @enum {string} */
            on_expiry: "reject" | "approve";
            /** @description The end users who may decide; if it is empty, whoever may change the pipeline */
            approvers: string[];
            fields: components["schemas"]["Parameters"];
        };
        /** @description A message about the project's files, from a compiler or from the check of a build */
        Diagnostic: {
            /** @description error or warning */
            severity: string;
            /** @description Its path in the project */
            file?: string;
            /** @description Counts from 1; absent if the message is about the file as a whole */
            line?: number;
            /** @description In bytes, as the compiler counts them */
            column?: number;
            text: string;
            /** @description The text of the line */
            line_text?: string;
        };
        ExportOutput: {
            artifact_id: string;
            /** @description The build that was packed */
            from_artifact_id: string;
            /** @description zip or html */
            format: string;
            /** @description The name of the downloaded file */
            file: string;
            sha256: string;
            /** Format: int64 */
            bytes: number;
            /** @description On this server; requires the key */
            download_url: string;
        } | null;
        AnalyticsOutput: {
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
            /**
             * Format: int64
             * @description Jobs that finished in that time
             */
            jobs: number;
            buckets: number;
        } | null;
        JobError: {
            code: components["schemas"]["ErrorCode"];
            message: string;
            /** @description The last lines that the attempt logged */
            log_tail?: string;
        } | null;
        JobList: {
            data: components["schemas"]["Job"][];
            has_more: boolean;
            next_cursor: string | null;
        };
        JobEvent: {
            job_id: components["schemas"]["Id"];
            /** Format: int64 */
            seq: number;
            /** @enum {string} */
            type: "blocked" | "queued" | "started" | "progress" | "log" | "retrying" | "cancel_requested" | "approval_requested" | "succeeded" | "failed" | "cancelled";
            attempt: number;
            /**
             * @description Depends on the type: `progress` has progress and stage, `log` has lines, `succeeded` the output, `failed` and
             *     `retrying` the error. `approval_requested` says what is asked and until when; `succeeded` and `failed` of an approval have the output, which says who decided. If a build does not compile, the error also has diagnostics: the number of errors and
             *     warnings, and the first of the errors.
             */
            data: {
                [key: string]: unknown;
            } | null;
            /** Format: date-time */
            created_at: string;
        };
        JobEventList: {
            data: components["schemas"]["JobEvent"][];
            /** @description There are more now */
            has_more: boolean;
        };
        /** @description A JobEvent in the stream of all events, or what happened to the account, which has no job and 0 for its number */
        StreamEvent: {
            /** Format: int64 */
            position: number;
            project_id: string | null;
            pipeline_id: string | null;
            job_id: string | null;
            /** Format: int64 */
            seq: number;
            /** @enum {string} */
            type: "blocked" | "queued" | "started" | "progress" | "log" | "retrying" | "cancel_requested" | "succeeded" | "failed" | "cancelled" | "schedule_paused" | "quota" | "project_transferred" | "operation_ended" | "webhook_endpoint_disabled";
            attempt: number;
            /**
             * @description That of the JobEvent. `schedule_paused` has schedule_id, name, reason and failures: the schedule submits nothing more until it is resumed.
             *     `quota` says that 80 or 100 percent of a quota are used, once a day each: quota, percent, limit, used, day (UTC) and end_user.
             *     `webhook_endpoint_disabled` tells that a webhook endpoint gets nothing any more: endpoint_id, reason and failures.
             *     `project_transferred` tells both accounts that a project went to another: project_id, from_account_id and to_account_id.
             *     `operation_ended` has the operation_id, action, state, dry_run and counts of an operation on many jobs.
             */
            data: {
                [key: string]: unknown;
            } | null;
            /** Format: date-time */
            created_at: string;
        };
        /** @description It has either steps or a template. */
        NewPipeline: {
            project_id?: string;
            /** @description A project to make with the pipeline, in place of `project_id` */
            new_project?: components["schemas"]["NewPipelineProject"];
            steps?: components["schemas"]["NewStep"][];
            /** @description The name of a template that has the steps */
            template?: string;
            params?: components["schemas"]["TemplateParams"];
            metadata?: components["schemas"]["Metadata"];
            end_user?: components["schemas"]["EndUser"];
            run_at?: components["schemas"]["RunAt"];
            expires_at?: components["schemas"]["ExpiresAt"];
            concurrency_key?: components["schemas"]["ConcurrencyKey"];
            concurrency_policy?: components["schemas"]["ConcurrencyPolicy"];
            webhook_url?: components["schemas"]["EndWebhookURL"];
        };
        /**
         * @description Where the end of the job, or of each job of the pipeline, is told by a webhook: https and a public address. It is signed with the account's default
         *     secret, and is not shown again. A browser token names none.
         * @example https://example.com/hooks/spark
         */
        EndWebhookURL: string;
        /** @description A job as a step of a pipeline. Its kind determines its input. */
        NewStep: components["schemas"]["NewGenerationStep"] | components["schemas"]["NewBuildStep"] | components["schemas"]["NewExportStep"] | components["schemas"]["NewAnalyticsStep"] | components["schemas"]["NewApprovalStep"];
        NewGenerationStep: {
            /** @description The name by which other steps refer to this one. The default is its kind, numbered from the second step of a kind */
            name?: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "generation";
            priority?: components["schemas"]["Priority"];
            input: components["schemas"]["GenerationInput"];
            /** @description The steps that must end first. The default is the previous step; an empty list means none. */
            after?: string[];
            on_dependency_failure?: components["schemas"]["DependencyPolicy"];
            /**
             * @description How single ones of the steps that it waits for have to end, by their names; for others it is what `on_dependency_failure` says. If one ends
             *     otherwise, this step is cancelled with the code `skipped`, or `dependency_failed` if that was to succeed.
             */
            run_if?: {
                [key: string]: components["schemas"]["DependencyCondition"];
            };
        };
        NewBuildStep: {
            /** @description The name by which other steps refer to this one. The default is its kind, numbered from the second step of a kind */
            name?: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "build";
            priority?: components["schemas"]["Priority"];
            input?: components["schemas"]["BuildInput"];
            /** @description The steps that must end first. The default is the previous step; an empty list means none. */
            after?: string[];
            on_dependency_failure?: components["schemas"]["DependencyPolicy"];
            /**
             * @description How single ones of the steps that it waits for have to end, by their names; for others it is what `on_dependency_failure` says. If one ends
             *     otherwise, this step is cancelled with the code `skipped`, or `dependency_failed` if that was to succeed.
             */
            run_if?: {
                [key: string]: components["schemas"]["DependencyCondition"];
            };
        };
        NewExportStep: {
            /** @description The name by which other steps refer to this one. The default is its kind, numbered from the second step of a kind */
            name?: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "export";
            priority?: components["schemas"]["Priority"];
            input?: components["schemas"]["ExportInput"];
            /** @description The steps that must end first. The default is the previous step; an empty list means none. */
            after?: string[];
            on_dependency_failure?: components["schemas"]["DependencyPolicy"];
            /**
             * @description How single ones of the steps that it waits for have to end, by their names; for others it is what `on_dependency_failure` says. If one ends
             *     otherwise, this step is cancelled with the code `skipped`, or `dependency_failed` if that was to succeed.
             */
            run_if?: {
                [key: string]: components["schemas"]["DependencyCondition"];
            };
        };
        NewAnalyticsStep: {
            /** @description The name by which other steps refer to this one. The default is its kind, numbered from the second step of a kind */
            name?: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "analytics";
            priority?: components["schemas"]["Priority"];
            input?: components["schemas"]["AnalyticsInput"];
            /** @description The steps that must end first. The default is the previous step; an empty list means none. */
            after?: string[];
            on_dependency_failure?: components["schemas"]["DependencyPolicy"];
            /**
             * @description How single ones of the steps that it waits for have to end, by their names; for others it is what `on_dependency_failure` says. If one ends
             *     otherwise, this step is cancelled with the code `skipped`, or `dependency_failed` if that was to succeed.
             */
            run_if?: {
                [key: string]: components["schemas"]["DependencyCondition"];
            };
        };
        NewApprovalStep: {
            /** @description The name by which other steps refer to this one. The default is its kind, numbered from the second step of a kind */
            name?: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "approval";
            priority?: components["schemas"]["Priority"];
            input?: components["schemas"]["ApprovalInput"];
            /** @description The steps that must end first. The default is the previous step; an empty list means none. */
            after?: string[];
            on_dependency_failure?: components["schemas"]["DependencyPolicy"];
            /**
             * @description How single ones of the steps that it waits for have to end, by their names; for others it is what `on_dependency_failure` says. If one ends
             *     otherwise, this step is cancelled with the code `skipped`, or `dependency_failed` if that was to succeed.
             */
            run_if?: {
                [key: string]: components["schemas"]["DependencyCondition"];
            };
        };
        /** @description Values of the template's parameters, by their names */
        TemplateParams: {
            [key: string]: unknown;
        };
        /** @description The template that a pipeline was made of, as it was then */
        TemplateRef: {
            id: components["schemas"]["Id"];
            name: string;
            version: number;
        } | null;
        /**
         * @description A step as a pipeline has it. In the texts of its input, `{{params.NAME}}` stands for a parameter. A text that is a reference to a number or boolean
         *     and nothing else becomes that; a field that is a reference to a parameter without a value is left out.
         */
        TemplateStep: {
            name?: string;
            kind: components["schemas"]["JobKind"];
            priority?: components["schemas"]["Priority"];
            /** @description The input that a step of the kind has */
            input?: {
                [key: string]: unknown;
            } | null;
            /** @description The steps that must end first. The default is the previous step; an empty list means none. */
            after?: string[];
            on_dependency_failure?: components["schemas"]["DependencyPolicy"];
            /** @description How single ones of the steps that it waits for have to end, by their names */
            run_if?: {
                [key: string]: components["schemas"]["DependencyCondition"];
            };
        };
        NewTemplate: {
            /** @description Lower-case letters, digits and hyphens */
            name: string;
            description?: string;
            parameters?: components["schemas"]["Parameters"];
            steps: components["schemas"]["TemplateStep"][];
        };
        TemplateChange: {
            description?: string;
            parameters?: components["schemas"]["Parameters"];
            steps?: components["schemas"]["TemplateStep"][];
        };
        Template: {
            id: components["schemas"]["Id"];
            name: string;
            /** @description Whether every account has it, and none may change it */
            built_in: boolean;
            /** @description Counts its changes, from 1 */
            version: number;
            description: string;
            parameters: components["schemas"]["Parameters"];
            steps: components["schemas"]["TemplateStep"][];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        TemplateSummary: {
            id: components["schemas"]["Id"];
            name: string;
            built_in: boolean;
            version: number;
            description: string;
            parameters: components["schemas"]["Parameters"];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        TemplateList: {
            data: components["schemas"]["TemplateSummary"][];
            has_more: boolean;
            next_cursor: string | null;
        };
        /**
         * @description `queued` before a job has started, `running` until all have ended; then `failed` if one of them has, `cancelled` if one was, or else `succeeded`.
         *     Jobs that were skipped do not matter for it.
         * @enum {string}
         */
        PipelineState: "queued" | "running" | "succeeded" | "failed" | "cancelled";
        Pipeline: {
            id: components["schemas"]["Id"];
            project_id: components["schemas"]["Id"];
            state: components["schemas"]["PipelineState"];
            template: components["schemas"]["TemplateRef"];
            end_user: string | null;
            metadata: {
                [key: string]: unknown;
            } | null;
            /** Format: date-time */
            created_at: string;
            /** @description The steps that wait for a decision now */
            approvals: components["schemas"]["WaitingApproval"][];
            jobs: components["schemas"]["Job"][];
        };
        PipelineSummary: {
            id: components["schemas"]["Id"];
            project_id: components["schemas"]["Id"];
            state: components["schemas"]["PipelineState"];
            template: components["schemas"]["TemplateRef"];
            end_user: string | null;
            metadata: {
                [key: string]: unknown;
            } | null;
            /** Format: date-time */
            created_at: string;
            /** @description How many of its jobs are in each state; those that were skipped are counted as `skipped` */
            jobs: {
                [key: string]: number;
            };
        };
        PipelineList: {
            data: components["schemas"]["PipelineSummary"][];
            has_more: boolean;
            next_cursor: string | null;
        };
        Artifact: {
            id: components["schemas"]["Id"];
            project_id: components["schemas"]["Id"];
            revision_id: string;
            job_id: components["schemas"]["Id"];
            kind: components["schemas"]["ArtifactKind"];
            engine: string;
            /** @description The version that it was built with */
            engine_version: string;
            mode: string;
            /** @description For builds: web (a page to play), linux (a program, with its files), pck (a pack for Godot) or files. For exports: zip or html. */
            format: string;
            title: string;
            digest: string;
            files_count: number;
            /** Format: int64 */
            bytes: number;
            /** @description Whether the content comes from an earlier build of the same input */
            cached: boolean;
            /** @description The artifact of that earlier build */
            cached_from: string | null;
            /** @description For web builds: where to play it, on this server */
            play_url: string | null;
            download_url: string;
            /** Format: date-time */
            created_at: string;
        };
        ArtifactWithFiles: components["schemas"]["Artifact"] & {
            files: components["schemas"]["FileEntry"][];
        };
        /** @description https://github.com/secure-systems-lab/dsse */
        Envelope: {
            /** @enum {string} */
            payloadType: "application/vnd.in-toto+json";
            /** @description The statement in base64 */
            payload: string;
            signatures: {
                /** @description The id of one of the keys in /v1/signing-keys */
                keyid: string;
                /** @description ed25519 over the pre-authentication encoding of type and payload, in base64 */
                sig: string;
            }[];
        };
        SigningKey: {
            /** @description SHA-256 of the key's DER form */
            id: string;
            /** @enum {string} */
            algorithm: "ed25519";
            /** @description PEM */
            public_key: string;
            /** Format: date-time */
            created_at: string;
        };
        SigningKeyList: {
            data: components["schemas"]["SigningKey"][];
            has_more: boolean;
            next_cursor: string | null;
        };
        ArtifactList: {
            data: components["schemas"]["Artifact"][];
            has_more: boolean;
            next_cursor: string | null;
        };
        Engine: {
            name: string;
            title: string;
            version: string;
            /** @description Whether projects that name no version use this one */
            default: boolean;
            /** @description What a build can make, such as web or linux */
            outputs: string[];
            available: boolean;
            /** @description Why it is not available */
            reason: string;
            /** @description The lowest isolation that a build with it has now: `docker` (a container), `confined` (a process that the kernel confines) or `open` (an ordinary process); null if the engine is not available */
            isolation: string | null;
            /** @description For the operator: how the isolation could be improved */
            notice: string;
            /** @description Digest of the container image that builds use; null until the image is made */
            image: string | null;
            pool: components["schemas"]["PoolCounts"];
        };
        /** @description The number of containers of all workers by state, and of builds that wait for one */
        PoolCounts: {
            creating: number;
            /** @description Ready for a build */
            warm: number;
            /** @description Taken; the build has not started */
            leased: number;
            running: number;
            /** @description Being removed, and counted until that is confirmed */
            draining: number;
            waiting: number;
        };
        PauseReason: {
            /** @description Why, for those who will ask */
            reason?: string;
        };
        KindPause: {
            kind: components["schemas"]["JobKind"];
            paused: boolean;
            /** Format: date-time */
            paused_at: string | null;
            reason: string | null;
        };
        Queue: {
            kind: components["schemas"]["JobKind"];
            priority: components["schemas"]["Priority"];
            /** @description All that have not started: the following five together */
            waiting: number;
            /** @description Wait to be handed to the workers */
            due: number;
            /** @description Wait for their time: `run_at`, or the pause before a retry */
            scheduled: number;
            /** @description Wait for other jobs, or for their concurrency key */
            blocked: number;
            /** @description Wait for a worker of their own */
            suspects: number;
            /** @description Wait in Redis for a worker */
            dispatched: number;
            running: number;
            /** @description How many jobs of the kind the workers that take some can run at a time */
            slots: number;
            /** @description More wait than were counted */
            more: boolean;
            /**
             * Format: double
             * @description How long the oldest due job has waited
             */
            oldest_seconds: number;
            ended_last_minute: number;
            /**
             * Format: double
             * @description Jobs that ended in a second, over the last minute
             */
            drain_rate: number;
            /**
             * Format: double
             * @description When nothing would be due any more at that rate; null if none ended, or more wait than were counted
             */
            drained_in_seconds: number | null;
            paused: boolean;
            /** Format: date-time */
            paused_at: string | null;
            paused_reason: string | null;
            /** @description It was paused on the page /admin/queues; null while Redis is away */
            transport_paused: boolean | null;
            /** @description The accounts with due jobs, those that wait longest first */
            accounts: components["schemas"]["WaitingAccount"][];
        };
        WaitingAccount: {
            account_id: components["schemas"]["Id"];
            /** @description Its share of the workers beside other accounts */
            weight: number;
            state: components["schemas"]["AccountState"];
            /** @description Its jobs that run or are handed to workers, of all kinds */
            running: number;
            /** @description How many may; 0 is no limit */
            max_running: number;
            /** @description The same for each end user */
            max_running_per_end_user: number;
            /** Format: double */
            oldest_seconds: number;
            /** @description The limit that keeps its due jobs waiting: `account_paused`, `account_suspended`, `account_cap` or `end_user_cap` */
            held_by: string | null;
        };
        QueueList: {
            /** Format: date-time */
            at: string;
            data: components["schemas"]["Queue"][];
            has_more: boolean;
            next_cursor: string | null;
        };
        /**
         * @description What keeps jobs waiting; new ones may be added.
         *
         *     | limit | meaning |
         *     | --- | --- |
         *     | `database_away`, `redis_away`, `storage_away` | It does not answer, or takes no writes |
         *     | `no_workers`, `workers_draining` | No worker takes the kind; those that could are draining |
         *     | `leases_expired` | Workers were lost, and no scheduler takes their jobs over |
         *     | `transport_paused`, `kind_paused` | Paused on /admin/queues, or by `pause` |
         *     | `not_claimed`, `not_dispatched` | Slots are free, and workers or dispatchers do not do their part |
         *     | `database_slow` | It answers late |
         *     | `provider_outage`, `platform_outage` | Attempts fail for that, and try again |
         *     | `sandboxes_full`, `slots_full` | All are taken |
         *     | `window` | Few jobs are in Redis at a time; passes at once |
         *     | `account_suspended`, `account_paused`, `account_cap`, `end_user_cap` | What holds accounts |
         *     | `suspects` | Jobs that have to run alone |
         *     | `concurrency_keys`, `dependencies`, `run_at` | What jobs themselves wait for |
         */
        FlowLimit: string;
        BindingLimit: {
            limit: components["schemas"]["FlowLimit"];
            kind: string | null;
            priority: string | null;
            /** @description The account that it holds if it is one */
            account_id: string | null;
            /** @description How many accounts it holds */
            accounts: number;
            /** @description How many it keeps waiting, as far as they were counted */
            jobs: number;
            /**
             * Format: double
             * @description What there is: taken slots, running jobs, milliseconds, seconds
             */
            value: number;
            /**
             * Format: double
             * @description What there may be; 0 if it is no number
             */
            limited_to: number;
            /** @description Nothing of what it concerns moves */
            blocks: boolean;
            /** @description What it is and what to do */
            sentence: string;
        };
        Flow: {
            /** Format: date-time */
            at: string;
            /** @description The jobs that could run do */
            flowing: boolean;
            /** @description The most urgent limit; null if none binds */
            binds: string | null;
            sentence: string;
            /** @description All limits that keep jobs waiting, the most urgent first */
            limits: components["schemas"]["BindingLimit"][];
            waiting: number;
            due: number;
            dispatched: number;
            running: number;
            slots: number;
            /** @description That take jobs */
            workers: number;
            ended_last_minute: number;
            /** @description More wait than were counted */
            more: boolean;
            /**
             * Format: double
             * @description How long the oldest due job has waited
             */
            oldest_seconds: number;
        };
        /** @enum {string} */
        StuckReason: "silent" | "cancelling" | "expired" | "dispatched" | "suspect" | "poisonous";
        StuckJob: {
            id: components["schemas"]["Id"];
            account_id: components["schemas"]["Id"];
            project_id: string | null;
            pipeline_id: string | null;
            kind: components["schemas"]["JobKind"];
            priority: components["schemas"]["Priority"];
            reason: components["schemas"]["StuckReason"];
            /**
             * Format: date-time
             * @description The last event, the request to stop, the end of the lease, the dispatch, or the failure
             */
            since: string;
            /** @description That has it, or was lost with it */
            worker: string | null;
            attempt: number;
            worker_deaths: number;
            deaths_alone: number;
            stage: string;
            /** Format: double */
            progress: number;
        };
        StuckJobList: {
            data: components["schemas"]["StuckJob"][];
            has_more: boolean;
            next_cursor: string | null;
        };
        Worker: {
            id: components["schemas"]["Id"];
            /** @description Host, process and id, as in logs and leases */
            name: string;
            /** @description active, draining, drained, stopping, or lost if it was not seen for 15 seconds */
            state: string;
            /** @description How many jobs of each kind it runs at a time */
            slots: {
                [key: string]: number;
            };
            /** @description How many of each kind it runs, as the database knows */
            running: {
                [key: string]: number;
            };
            /** @description How many it has taken and not ended, as it says */
            busy: number;
            /** Format: date-time */
            started_at: string;
            /** Format: date-time */
            seen_at: string;
            /** Format: date-time */
            drain_asked_at: string | null;
            /** Format: date-time */
            drained_at: string | null;
            sandboxes: components["schemas"]["PoolSandbox"][] | null;
        };
        WorkerList: {
            data: components["schemas"]["Worker"][];
            has_more: boolean;
            next_cursor: string | null;
        };
        PoolWorker: {
            worker: string;
            /**
             * Format: date-time
             * @description When the worker reported this, by its own clock
             */
            at: string;
            /** @description Where it builds: docker, or local for child processes */
            sandbox: string;
            /** @description The isolation of its local processes: confined or open; docker if it has none */
            isolation: string;
            /** @description The most containers that there may be */
            max: number;
            /** @description Containers that it removed because they belonged to no running worker */
            reaped: number;
            /** @description The engines that have containers, or had one */
            engines: components["schemas"]["PoolEngine"][];
            sandboxes: components["schemas"]["PoolSandbox"][];
        };
        /** @description Counts are since the worker started; percentiles are over the last 256 acquires. */
        PoolEngine: {
            engine: string;
            version: string;
            pool: components["schemas"]["PoolCounts"];
            /** @description Builds that found a container ready */
            warm_acquires: number;
            /** @description Builds that waited for a container */
            cold_acquires: number;
            /** Format: int64 */
            acquire_p50_us: number;
            /** Format: int64 */
            acquire_p99_us: number;
            /** @description Builds that were ended with their container, by reason, such as timeout, cancelled or out_of_memory */
            kills: {
                [key: string]: number;
            };
            /** @description Why this worker cannot build with it now */
            reason: string;
        };
        PoolSandbox: {
            /** @description Its name; null for a local process */
            container: string | null;
            engine: string;
            version: string | null;
            /** @description creating, warm, leased, running or draining */
            state: string;
            /** Format: date-time */
            since: string;
            job_id: string | null;
            account_id: string | null;
        };
        PoolWorkerList: {
            data: components["schemas"]["PoolWorker"][];
            has_more: boolean;
            next_cursor: string | null;
        };
        EngineList: {
            data: components["schemas"]["Engine"][];
            has_more: boolean;
            next_cursor: string | null;
        };
        /** @description Durations are from the start of a job's last attempt to its end, percentiles by nearest rank. */
        Usage: {
            /** @description null for the account as a whole */
            end_user: string | null;
            kind: components["schemas"]["JobKind"];
            period: components["schemas"]["Period"];
            /** Format: date-time */
            start: string;
            /** Format: int64 */
            jobs: number;
            /** Format: int64 */
            failures: number;
            /** Format: int64 */
            p50_ms: number;
            /** Format: int64 */
            p95_ms: number;
            /** Format: int64 */
            tokens_in: number;
            /** Format: int64 */
            tokens_out: number;
            /** Format: int64 */
            bytes: number;
        };
        UsageList: {
            data: components["schemas"]["Usage"][];
            has_more: boolean;
            next_cursor: string | null;
        };
        UsageReport: {
            interval: components["schemas"]["Period"];
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
            data: components["schemas"]["UsageCount"][];
        };
        UsageCount: {
            /** Format: date-time */
            start: string;
            kind?: components["schemas"]["JobKind"];
            /** @description Only if the report is by project; null for jobs without one */
            project_id?: string | null;
            /** @description Only if the report is by end user; null for jobs of none */
            end_user?: string | null;
            /**
             * Format: int64
             * @description That ended
             */
            jobs: number;
            /** Format: int64 */
            failures: number;
            /** Format: int64 */
            tokens_in: number;
            /** Format: int64 */
            tokens_out: number;
            /** Format: double */
            build_seconds: number;
            /**
             * Format: int64
             * @description Of what they made
             */
            bytes: number;
        };
        /** @description Which jobs, as the parameters of `GET /v1/jobs` say; those that are given all apply. */
        JobFilter: {
            state?: components["schemas"]["JobState"];
            kind?: components["schemas"]["JobKind"];
            project_id?: string;
            pipeline_id?: string;
            end_user?: string;
            error_code?: components["schemas"]["ErrorCode"];
            /** Format: date-time */
            created_from?: string;
            /**
             * Format: date-time
             * @description Exclusive
             */
            created_to?: string;
            /** Format: date-time */
            run_at_from?: string;
            /**
             * Format: date-time
             * @description Exclusive
             */
            run_at_to?: string;
            /** Format: date-time */
            expires_at_from?: string;
            /**
             * Format: date-time
             * @description Exclusive
             */
            expires_at_to?: string;
            concurrency_key?: string;
            submitter?: string;
            /** @description The string, the number or the boolean that its metadata has under each key, written as a string */
            metadata?: {
                [key: string]: string;
            };
        };
        /**
         * @description It has either a filter or `all`.
         * @example {
         *       "action": "retry",
         *       "filter": {
         *         "error_code": "build_failed",
         *         "created_from": "2026-01-31T00:00:00Z"
         *       }
         *     }
         */
        NewJobOperation: {
            /**
             * @description `cancel` is about jobs that are blocked, queued or running, `retry` about those that failed or were cancelled
             * @enum {string}
             */
            action: "cancel" | "retry";
            filter?: components["schemas"]["JobFilter"];
            /** @description Every job of the account that the action is for, instead of a filter */
            all?: boolean;
            /** @description Only count the jobs that the filter finds */
            dry_run?: boolean;
        };
        JobOperation: {
            id: components["schemas"]["Id"];
            /** @enum {string} */
            action: "cancel" | "retry";
            filter: components["schemas"]["JobFilter"];
            dry_run: boolean;
            /**
             * @description `cancelled`: it was stopped. `failed`: it could not go on, and `error` says why
             * @enum {string}
             */
            state: "running" | "done" | "cancelled" | "failed";
            /** @description Whether `matched` is complete: all are counted before the first one is changed */
            counted: boolean;
            /** @description Jobs that the filter found */
            matched: number;
            /** @description Jobs that were cancelled, or that running ones were asked to; or that were queued again */
            done: number;
            /** @description Others that were cancelled or came back with those, since they wait for them */
            along: number;
            /** @description Jobs that were left as they are; `reasons` says why */
            skipped: number;
            /** @description Jobs with which the platform failed */
            failed: number;
            /** @description How many were skipped why, by code */
            reasons: {
                [key: string]: number;
            };
            error: components["schemas"]["OperationError"];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            finished_at: string | null;
        };
        /** @description Why the operation failed */
        OperationError: {
            code: components["schemas"]["ErrorCode"];
            message: string;
        } | null;
        JobOperationList: {
            data: components["schemas"]["JobOperation"][];
            has_more: boolean;
            next_cursor: string | null;
        };
        /** @description It has either a job or a pipeline. */
        NewSchedule: {
            name: string;
            /**
             * @description Minute, hour, day of the month, month and day of the week, or `@hourly`, `@daily`, `@weekly`, `@monthly` or `@yearly`, by the clock in `time_zone`.
             *     A time that the clock leaves out comes at the first moment after that; one that it shows twice comes once, unless the expression is due in every
             *     hour.
             */
            cron: string;
            /**
             * @description A name of the IANA database, such as `Europe/Berlin`
             * @default UTC
             */
            time_zone?: string;
            /** @description What to submit, without `run_at`, `expires_at` and `concurrency_policy` */
            job?: Omit<components["schemas"]["NewJob"], "kind">;
            pipeline?: components["schemas"]["ScheduledPipeline"];
            /**
             * @description What happens if what it submitted before has not ended: as the `concurrency_policy` of jobs, under a key of the schedule's own unless the job or
             *     pipeline has one
             * @default skip
             * @enum {string}
             */
            overlap?: "skip" | "queue" | "replace";
            /**
             * @description What happens with times that came while the platform was down; they are left out, or made up for by one
             * @default skip
             * @enum {string}
             */
            misfire?: "skip" | "once";
            paused?: boolean;
        };
        ScheduleChange: {
            name?: string;
            /**
             * @description Minute, hour, day of the month, month and day of the week, or `@hourly`, `@daily`, `@weekly`, `@monthly` or `@yearly`, by the clock in `time_zone`.
             *     A time that the clock leaves out comes at the first moment after that; one that it shows twice comes once, unless the expression is due in every
             *     hour.
             */
            cron?: string;
            /** @description A name of the IANA database, such as `Europe/Berlin` */
            time_zone?: string;
            /** @description What to submit, without `run_at`, `expires_at` and `concurrency_policy` */
            job?: Omit<components["schemas"]["NewJob"], "kind">;
            pipeline?: components["schemas"]["ScheduledPipeline"];
            /**
             * @description What happens if what it submitted before has not ended: as the `concurrency_policy` of jobs, under a key of the schedule's own unless the job or
             *     pipeline has one
             * @enum {string}
             */
            overlap?: "skip" | "queue" | "replace";
            /**
             * @description What happens with times that came while the platform was down; they are left out, or made up for by one
             * @enum {string}
             */
            misfire?: "skip" | "once";
            paused?: boolean;
        };
        /** @description A pipeline of a project that exists. It has either steps or a template, which is taken as it is when the schedule is due. */
        ScheduledPipeline: {
            project_id: string;
            steps?: components["schemas"]["NewStep"][];
            /** @description The name of a template that has the steps */
            template?: string;
            params?: components["schemas"]["TemplateParams"];
            metadata?: components["schemas"]["Metadata"];
            end_user?: components["schemas"]["EndUser"];
            concurrency_key?: components["schemas"]["ConcurrencyKey"];
        };
        ScheduleTimes: {
            /**
             * @description Minute, hour, day of the month, month and day of the week, or `@hourly`, `@daily`, `@weekly`, `@monthly` or `@yearly`, by the clock in `time_zone`.
             *     A time that the clock leaves out comes at the first moment after that; one that it shows twice comes once, unless the expression is due in every
             *     hour.
             */
            cron: string;
            /**
             * @description A name of the IANA database, such as `Europe/Berlin`
             * @default UTC
             */
            time_zone?: string;
            /**
             * Format: date-time
             * @description The time after which; the default is now
             */
            from?: string;
        };
        ScheduleRuns: {
            next_runs: string[];
        };
        Schedule: {
            id: components["schemas"]["Id"];
            project_id: string | null;
            name: string;
            cron: string;
            time_zone: string;
            /** @description As it was given */
            job: {
                [key: string]: unknown;
            } | null;
            /** @description As it was given */
            pipeline: {
                [key: string]: unknown;
            } | null;
            /** @enum {string} */
            overlap: "skip" | "queue" | "replace";
            /** @enum {string} */
            misfire: "skip" | "once";
            paused: boolean;
            /**
             * @description On request, or since ten firings in a row have failed
             * @enum {string|null}
             */
            pause_reason: "requested" | "failures" | null;
            /** @description The next five times; none while it is paused */
            next_runs: string[];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        ScheduleList: {
            data: components["schemas"]["Schedule"][];
            has_more: boolean;
            next_cursor: string | null;
        };
        /** @example whe_01900000-0000-7000-8000-000000000004 */
        WebhookEndpointId: string;
        /** @example whd_01900000-0000-7000-8000-000000000005 */
        WebhookDeliveryId: string;
        /**
         * @description It is https, at a port that the platform allows, and public: names and addresses inside of a network are refused here, and again whenever something is sent, after the
         *     name was looked up. Redirects are not followed.
         * @example https://example.com/hook
         */
        WebhookURL: string;
        /**
         * @description Types of events, `job.*` for all of a group, or `*`; none is all
         * @example [
         *       "job.succeeded",
         *       "job.failed"
         *     ]
         */
        WebhookPatterns: string[];
        /** @description Headers that each delivery has. What belongs to the request or the signature is refused. Their values are kept encrypted and not shown again. */
        WebhookHeaders: {
            [key: string]: string;
        };
        /**
         * @description `thin` has ids, the state and links; `full` also what the event is about, as the API shows it when it is sent
         * @enum {string}
         */
        WebhookPayload: "thin" | "full";
        /** @enum {string} */
        WebhookState: "enabled" | "disabled";
        /** @enum {string} */
        WebhookDeliveryState: "pending" | "delivering" | "delivered" | "failed";
        /**
         * @description `symmetric` signs by HMAC-SHA256 (`v1`) and both sides know it; of `ed25519` (`v1a`) the receiver knows the public half
         * @enum {string}
         */
        WebhookSecretKind: "symmetric" | "ed25519";
        /**
         * @description The body in place of the usual one: JSON, in whose texts `{{data.job_id}}` stands for a field of it. A text that is nothing else becomes the field itself. A field that is
         *     not there is null, or nothing within a text. `\\{{` is text.
         */
        WebhookTemplate: string;
        NewWebhookEndpoint: {
            url: components["schemas"]["WebhookURL"];
            /** @description Only what happens in the project, and nothing of the account itself */
            project_id?: string;
            description?: string;
            events?: components["schemas"]["WebhookPatterns"];
            headers?: components["schemas"]["WebhookHeaders"];
            payload?: components["schemas"]["WebhookPayload"];
            template?: components["schemas"]["WebhookTemplate"];
            /** @default true */
            enabled?: boolean;
            signing?: components["schemas"]["WebhookSecretKind"];
            /** @description A secret of your own, `whsec_` and base64 of 24 to 64 bytes; without it, one is made */
            secret?: string;
        };
        WebhookEndpointChange: {
            url?: components["schemas"]["WebhookURL"];
            description?: string;
            events?: components["schemas"]["WebhookPatterns"];
            headers?: components["schemas"]["WebhookHeaders"];
            payload?: components["schemas"]["WebhookPayload"];
            template?: components["schemas"]["WebhookTemplate"];
            enabled?: boolean;
        };
        WebhookEndpoint: {
            id: components["schemas"]["WebhookEndpointId"];
            project_id: string | null;
            url: string;
            description: string;
            events: string[];
            header_names: string[];
            payload: components["schemas"]["WebhookPayload"];
            template: string | null;
            state: components["schemas"]["WebhookState"];
            /**
             * @description Why it is disabled: on request, since it answered 410, or since it failed for five days
             * @enum {string|null}
             */
            reason: "requested" | "gone" | "failures" | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        WebhookEndpointList: {
            data: components["schemas"]["WebhookEndpoint"][];
            has_more: boolean;
            next_cursor: string | null;
        };
        WebhookRotation: {
            kind?: components["schemas"]["WebhookSecretKind"];
            /** @description A secret of your own, `whsec_` and base64 of 24 to 64 bytes; without it, one is made */
            secret?: string;
            /** @default 86400 */
            overlap_seconds?: number;
        };
        WebhookSecret: {
            id: string;
            kind: components["schemas"]["WebhookSecretKind"];
            /** @description What to verify with: `whsec_…`, or `whpk_…` of an ed25519 key */
            key: string;
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description Until when it signs, if another one replaces it
             */
            expires_at: string | null;
        };
        WebhookSecretList: {
            data: components["schemas"]["WebhookSecret"][];
        };
        WebhookHealth: {
            /**
             * Format: int64
             * @description Deliveries that wait or are under way
             */
            pending: number;
            /**
             * Format: int64
             * @description Attempts of the last 24 hours that were taken
             */
            delivered: number;
            /**
             * Format: int64
             * @description Attempts of the last 24 hours that were not
             */
            failed: number;
            /**
             * Format: double
             * @description Of those attempts, 0 to 1; null without any
             */
            success_rate: number | null;
            /** Format: int64 */
            p50_latency_ms: number;
            /** Format: int64 */
            p95_latency_ms: number;
            failures_in_a_row: number;
            /** Format: date-time */
            failing_since: string | null;
            /**
             * Format: date-time
             * @description Nothing is sent until then
             */
            paused_until: string | null;
            /** Format: date-time */
            last_success_at: string | null;
            /** Format: date-time */
            last_failure_at: string | null;
        };
        WebhookTest: {
            /** @default webhook.test */
            type?: string;
        };
        WebhookReplay: {
            /** Format: date-time */
            since: string;
            /** @default false */
            all?: boolean;
        };
        WebhookReplayed: {
            count: number;
        };
        WebhookDelivery: {
            id: components["schemas"]["WebhookDeliveryId"];
            /** @description The `webhook-id` of each attempt, and of all deliveries of the event */
            webhook_id: string;
            endpoint_id: string | null;
            /** @description The `webhook_url` of a job or a pipeline, without an endpoint */
            url: string | null;
            project_id: string | null;
            job_id: string | null;
            type: string;
            /**
             * Format: int64
             * @description The number of the event among those of its job, by which to order; 0 without a job
             */
            seq: number;
            state: components["schemas"]["WebhookDeliveryState"];
            attempts: number;
            /** Format: date-time */
            next_attempt_at: string | null;
            last_status: number | null;
            failure: components["schemas"]["WebhookFailure"];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            finished_at: string | null;
        };
        WebhookDeliveryDetail: {
            delivery: components["schemas"]["WebhookDelivery"];
            /** @description The thin body of what it tells */
            payload: {
                [key: string]: unknown;
            };
        };
        /**
         * @description Why the last attempt was not taken
         * @enum {string|null}
         */
        WebhookFailure: "connection" | "timeout" | "status" | "redirect" | "gone" | "not_allowed" | "unsigned" | "template" | "disabled" | null;
        WebhookDeliveryList: {
            data: components["schemas"]["WebhookDelivery"][];
            has_more: boolean;
            next_cursor: string | null;
        };
        WebhookAttempt: {
            id: string;
            /** @description Counts from 1, over replays too */
            number: number;
            /** Format: date-time */
            at: string;
            /** Format: int64 */
            latency_ms: number;
            /** @description Of the answer */
            status: number | null;
            failure: components["schemas"]["WebhookFailure"];
            message: string;
            /** @description The beginning of the answer's body */
            response: string;
        };
        WebhookAttemptList: {
            data: components["schemas"]["WebhookAttempt"][];
            has_more: boolean;
            next_cursor: string | null;
        };
        /** @description What a webhook tells about a job */
        WebhookJobEvent: {
            type: string;
            /**
             * Format: date-time
             * @description When it happened
             */
            timestamp: string;
            version: number;
            account_id: components["schemas"]["Id"];
            /** @description It has not happened */
            test?: boolean;
            data: {
                job_id: components["schemas"]["Id"];
                project_id: string | null;
                pipeline_id: string | null;
                kind: string;
                state: string;
                attempt: number;
                /**
                 * Format: int64
                 * @description Counts the events of the job from 1, by which to order
                 */
                seq: number;
                /**
                 * Format: int64
                 * @description That in the event streams
                 */
                position: number;
                error?: {
                    code?: string;
                    message?: string;
                };
                links: {
                    [key: string]: string;
                };
                /** @description The data of the event, in a full body */
                event?: {
                    [key: string]: unknown;
                } | null;
                /** @description The job as it is when it is sent, in a full body; null if it is gone */
                job?: {
                    [key: string]: unknown;
                } | null;
                /** @description The job is left out, since the body would be too large */
                truncated?: boolean;
            };
        };
        /** @description What a webhook tells about the account, with the data of the event in the account's stream */
        WebhookAccountEvent: {
            type: string;
            /**
             * Format: date-time
             * @description When it happened
             */
            timestamp: string;
            version: number;
            account_id: components["schemas"]["Id"];
            /** @description It has not happened */
            test?: boolean;
            data: {
                project_id: string | null;
                /**
                 * Format: int64
                 * @description That in the event streams
                 */
                position: number;
                links: {
                    [key: string]: string;
                };
            } & {
                [key: string]: unknown;
            };
        };
        WebhookEventTypes: {
            data: components["schemas"]["WebhookEventType"][];
        };
        WebhookEventType: {
            type: string;
            /** @description It grows when something in the body changes that receivers may rely on; fields are added without */
            version: number;
            description: string;
            /** @description A body of it */
            sample: {
                [key: string]: unknown;
            };
        };
        Firing: {
            id: components["schemas"]["Id"];
            /** Format: date-time */
            due_at: string;
            /** Format: date-time */
            fired_at: string;
            /** @description Whether it was told to run */
            manual: boolean;
            /**
             * @description `skipped`: what it submitted before had not ended. `refused`: `error` says why. `missed`: the platform was down, and the schedule leaves such times
             *     out.
             * @enum {string}
             */
            outcome: "submitted" | "skipped" | "refused" | "missed";
            job_id: string | null;
            pipeline_id: string | null;
            error: components["schemas"]["FiringError"];
            /** @description How many times came while the platform was down, up to this one, and had nothing of their own; at most about 1000 */
            missed: number;
        };
        FiringError: {
            code: components["schemas"]["ErrorCode"];
            message: string;
        } | null;
        FiringList: {
            data: components["schemas"]["Firing"][];
            has_more: boolean;
            next_cursor: string | null;
        };
        /**
         * @description What a key may do. Within its account: `viewer` reads, `user` makes games as well, `owner` makes keys as well. The platform's: `auditor`
         *     sees it, `admin` administers it and is an owner of its own account, `master` administers it and acts for any account.
         * @enum {string}
         */
        Role: "viewer" | "user" | "owner" | "auditor" | "admin" | "master";
        /** @enum {string} */
        AuditOutcome: "done" | "refused";
        AuditEntry: {
            id: components["schemas"]["Id"];
            account_id: components["schemas"]["Id"];
            /** Format: date-time */
            at: string;
            /** @description Such as `project.delete` */
            action: string;
            outcome: components["schemas"]["AuditOutcome"];
            /** @description Why it was refused */
            code?: string;
            resource_kind?: string;
            resource_id?: string;
            /** @enum {string} */
            actor_kind: "key" | "token" | "master" | "session" | "nobody" | "local" | "system";
            actor_account_id?: string;
            key_id?: string;
            user_id?: string;
            request_id?: string;
            end_user?: string;
            address?: string;
            /** @description Makes `personal_hash` useless for guessing */
            salt?: string;
            /** @description Stands in the chain for `end_user` and `address` */
            personal_hash: string;
            /** @description How many alike an entry of refusals stands for */
            count: number;
            /**
             * Format: date-time
             * @description The first of these
             */
            since?: string;
            details?: {
                [key: string]: string;
            };
            /**
             * Format: int64
             * @description The place in the chain, from 1; null until it has one
             */
            sequence: number | null;
            previous_hash: string;
            hash: string;
        };
        AuditList: {
            data: components["schemas"]["AuditEntry"][];
            has_more: boolean;
            next_cursor: string | null;
        };
        AuditAnchor: {
            account_id: components["schemas"]["Id"];
            /**
             * Format: int64
             * @description 0 if there is none
             */
            sequence: number;
            hash: string;
            /** Format: date-time */
            at: string;
        };
        /**
         * @description What an operation needs, as `x-spark-scope` says for each
         * @enum {string}
         */
        Scope: "account:read" | "account:write" | "members:read" | "members:write" | "projects:read" | "projects:write" | "jobs:read" | "jobs:write" | "artifacts:read" | "usage:read" | "tokens:write" | "schedules:read" | "schedules:write" | "templates:read" | "templates:write" | "webhooks:read" | "webhooks:write" | "keys:read" | "keys:write" | "audit:read" | "platform:read" | "platform:admin" | "platform:act";
        /** @enum {string} */
        AccountState: "active" | "paused" | "suspended";
        /** @description 0 is no limit. What is null or missing is left to the account's plan, or else to the platform. */
        Limits: {
            /** @description Jobs in Redis or with a worker */
            max_running?: number | null;
            /** @description The same of each of the account's end users */
            max_running_per_end_user?: number | null;
            /** @description Jobs that have not started */
            max_waiting?: number | null;
            /** @description Requests of all keys of the account; see `x-spark-rate` for what counts as several */
            requests_per_minute?: number | null;
            /** @description The same of each key */
            requests_per_minute_per_key?: number | null;
            /** @description Submissions for an end user, and requests with its browser tokens */
            requests_per_minute_per_end_user?: number | null;
            /** @description MiB of files that the account stores */
            max_storage_mb?: number | null;
            /** @description Schedules of the account */
            max_schedules?: number | null;
            /** @description Seconds between two times of a schedule, at least */
            min_schedule_seconds?: number | null;
            /** @description Jobs submitted in a day (UTC) */
            jobs_per_day?: number | null;
            /** @description The same for each end user */
            jobs_per_day_per_end_user?: number | null;
            /** @description Tokens of language models, in and out */
            tokens_per_day?: number | null;
            /** @description The same for each end user */
            tokens_per_day_per_end_user?: number | null;
            /** @description Minutes that builds run */
            build_minutes_per_day?: number | null;
            /** @description The same for each end user */
            build_minutes_per_day_per_end_user?: number | null;
        };
        /** @description The limits that apply; 0 is none */
        EffectiveLimits: {
            max_running: number;
            max_running_per_end_user: number;
            max_waiting: number;
            requests_per_minute: number;
            requests_per_minute_per_key: number;
            requests_per_minute_per_end_user: number;
            max_storage_mb: number;
            max_schedules: number;
            min_schedule_seconds: number;
            jobs_per_day: number;
            jobs_per_day_per_end_user: number;
            tokens_per_day: number;
            tokens_per_day_per_end_user: number;
            build_minutes_per_day: number;
            build_minutes_per_day_per_end_user: number;
        };
        Account: {
            id: components["schemas"]["Id"];
            name: string;
            /** @description Its share of the workers beside other accounts; 1 is normal */
            weight: number;
            state: components["schemas"]["AccountState"];
            plan: string | null;
            limits: components["schemas"]["Limits"];
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description Since when it is closed; it is suspended then
             */
            deleted_at: string | null;
        };
        Quota: {
            /** @description The name of the limit */
            name: string;
            /** Format: int64 */
            limit: number;
            /** Format: int64 */
            used: number;
            /** Format: int64 */
            left: number;
            /**
             * Format: date-time
             * @description null for what is stored
             */
            resets_at: string | null;
        };
        AccountOverview: {
            caller?: components["schemas"]["Caller"];
            id: components["schemas"]["Id"];
            name: string;
            weight: number;
            state: components["schemas"]["AccountState"];
            plan: string | null;
            limits: components["schemas"]["Limits"];
            effective_limits: components["schemas"]["EffectiveLimits"];
            /** @description What may be used today (UTC), and what was, a second late at most, and what may be stored, a few seconds late. What has no limit is not listed. */
            quotas: components["schemas"]["Quota"][];
            /** @description Jobs in Redis or with a worker */
            running: number;
            /** @description Jobs that have not started, up to about 10000 */
            waiting: number;
            /** Format: date-time */
            created_at: string;
        };
        /** @description Who asks; only in `GET /v1/account` */
        Caller: {
            /** @description Of the key that the request was made with */
            key_id: string | null;
            /** @description Who is signed in, or whose key it is */
            user_id: string | null;
            /** @description All that they may do here */
            scopes: components["schemas"]["Scope"][];
        };
        NewAccount: {
            name: string;
            weight?: number;
            state?: components["schemas"]["AccountState"];
            /** @description The name of a plan */
            plan?: string;
            limits?: components["schemas"]["Limits"];
        };
        AccountChange: {
            name?: string;
            weight?: number;
            state?: components["schemas"]["AccountState"];
            /** @description The name of a plan; "" is none */
            plan?: string;
            limits?: components["schemas"]["Limits"];
        };
        AccountList: {
            data: components["schemas"]["Account"][];
            has_more: boolean;
            next_cursor: string | null;
        };
        PlanLimits: {
            limits: components["schemas"]["Limits"];
        };
        Plan: {
            name: string;
            limits: components["schemas"]["Limits"];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        PlanList: {
            data: components["schemas"]["Plan"][];
            has_more: boolean;
            next_cursor: string | null;
        };
        NewKey: {
            name: string;
            role?: components["schemas"]["Role"];
            /** @description Those of the role's scopes that the key has; all of them if it is missing */
            scopes?: components["schemas"]["Scope"][];
            /**
             * @description The only project that the key is for. It may see and change that one, and submit jobs for it and see them; the roles of such keys are
             *     viewer and user.
             */
            project_id?: components["schemas"]["Id"];
            /**
             * Format: date-time
             * @description When it stops working; never if it is missing
             */
            expires_at?: string;
        };
        /** @description It has one of `project_id`, `pipeline_id` and `job_id`. */
        NewToken: {
            /**
             * @description `webhooks`, of a project: its endpoints and what is delivered to them. `read`: see the place and what comes of it. `play`: see and fetch artifacts. `edit`, of a project: the same as `read`, and change the
             *     project's files, and submit, cancel and retry its jobs.
             * @enum {string}
             */
            access: "read" | "play" | "edit" | "webhooks";
            project_id?: components["schemas"]["Id"];
            pipeline_id?: components["schemas"]["Id"];
            job_id?: components["schemas"]["Id"];
            /** @description Whose token it is. What is submitted with it is this end user's. */
            end_user?: string;
            /**
             * @description Seconds
             * @default 900
             */
            expires_in?: number;
        };
        Token: {
            /** @description Its text, `sparkt_…` */
            token: string;
            access: string;
            /** Format: date-time */
            expires_at: string;
        };
        KeyRotation: {
            /**
             * @description How long the old key goes on working
             * @default 86400
             */
            overlap_seconds?: number;
        };
        Key: {
            id: components["schemas"]["Id"];
            name: string;
            /** @description The first characters of its text */
            prefix: string;
            role: components["schemas"]["Role"];
            /** @description All that it has */
            scopes: components["schemas"]["Scope"][];
            /** @description The only project that it is for */
            project_id: string | null;
            /** @description The member as whom it acts, by what they may do, and with whom it ends */
            user_id: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string | null;
            /**
             * Format: date-time
             * @description To within a few minutes
             */
            last_used_at: string | null;
        };
        KeyWithText: {
            id: components["schemas"]["Id"];
            name: string;
            prefix: string;
            role: components["schemas"]["Role"];
            scopes: components["schemas"]["Scope"][];
            project_id: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string | null;
            /** Format: date-time */
            last_used_at: string | null;
            /** @description Its text, `spark_…` */
            key: string;
        };
        KeyList: {
            data: components["schemas"]["Key"][];
            has_more: boolean;
            next_cursor: string | null;
        };
        /**
         * @description What a member may do in an account: `viewer` reads, `editor` makes games as well, `admin` makes keys and members as well, `owner` has power
         *     over the account and its owners as well.
         * @enum {string}
         */
        MemberRole: "owner" | "admin" | "editor" | "viewer";
        User: {
            id: components["schemas"]["Id"];
            /** @description The provider that they sign in with */
            issuer: string;
            /** @description As the provider says; may be empty */
            email: string;
            email_verified: boolean;
            /** @description As the provider says; may be empty */
            name: string;
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description Last
             */
            signed_in_at: string | null;
            /**
             * Format: date-time
             * @description Since when they are not let in
             */
            disabled_at: string | null;
        };
        UserList: {
            data: components["schemas"]["User"][];
            has_more: boolean;
            next_cursor: string | null;
        };
        UserChange: {
            disabled: boolean;
        };
        Me: {
            user: components["schemas"]["User"];
            session_id: components["schemas"]["Id"];
            /** @description Oldest membership first. With more than one, requests name theirs in the header `Spark-Account` */
            accounts: components["schemas"]["MyAccount"][];
        };
        MyKey: {
            id: components["schemas"]["Id"];
            account_id: components["schemas"]["Id"];
            /** @description The program and its machine, as it said */
            name: string;
            /** @description The first characters of its text */
            prefix: string;
            role: components["schemas"]["Role"];
            /** @description All that it was given; of these it has what the person may do now */
            scopes: components["schemas"]["Scope"][];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string | null;
            /**
             * Format: date-time
             * @description To within a few minutes
             */
            last_used_at: string | null;
        };
        MyKeyList: {
            data: components["schemas"]["MyKey"][];
            has_more: boolean;
            next_cursor: string | null;
        };
        MyAccount: {
            id: components["schemas"]["Id"];
            name: string;
            state: components["schemas"]["AccountState"];
            role: components["schemas"]["MemberRole"];
            /** @description All that one may do there */
            scopes: components["schemas"]["Scope"][];
        };
        Session: {
            id: components["schemas"]["Id"];
            /** @description As it names itself */
            browser: string;
            /** @description Whether the request was made in it */
            current: boolean;
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description To within a few minutes
             */
            seen_at: string;
            /**
             * Format: date-time
             * @description At the latest; it ends earlier if it is not used
             */
            expires_at: string;
        };
        SessionList: {
            data: components["schemas"]["Session"][];
            has_more: boolean;
            next_cursor: string | null;
        };
        Member: {
            user_id: components["schemas"]["Id"];
            email: string;
            email_verified: boolean;
            name: string;
            role: components["schemas"]["MemberRole"];
            /** @description Whether a rule of the platform for their domain or group gives the role, and takes it away */
            by_rule: boolean;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            signed_in_at: string | null;
        };
        MemberList: {
            data: components["schemas"]["Member"][];
            has_more: boolean;
            next_cursor: string | null;
        };
        Invitation: {
            id: components["schemas"]["Id"];
            role: components["schemas"]["MemberRole"];
            /** @description Whose it is; null is whoever has the link */
            email: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string;
        };
        InvitationWithLink: {
            id: components["schemas"]["Id"];
            role: components["schemas"]["MemberRole"];
            email: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string;
            /** @description Where it is accepted; the token stands after the # */
            link: string;
        };
        InvitationList: {
            data: components["schemas"]["Invitation"][];
            has_more: boolean;
            next_cursor: string | null;
        };
        NewInvitation: {
            role: components["schemas"]["MemberRole"];
            /** @description Only somebody with this e-mail, as their provider has verified it, can accept it */
            email?: string;
            /**
             * Format: int32
             * @description Seconds until it ends; a week if it is missing
             */
            expires_in?: number;
        };
        InvitationToken: {
            /** @description What stands after the # of the link */
            token: string;
        };
        MemberChange: {
            role: components["schemas"]["MemberRole"];
        };
        Health: {
            /** @enum {string} */
            status: "ok";
        };
        Readiness: {
            /** @enum {string} */
            status: "ok" | "unavailable";
            checks: components["schemas"]["ReadinessCheck"][];
            builds?: components["schemas"]["ReadinessBuilds"];
        };
        /** @description How builds are isolated; absent if no worker can build */
        ReadinessBuilds: {
            /** @description The weakest isolation level of all engines now: docker, confined or open */
            isolation: string;
            /** @description The number of engines with a `notice` in `/v1/engines` */
            notices: number;
        };
        ReadinessCheck: {
            name: string;
            up: boolean;
            /**
             * Format: int64
             * @description How long the last answer took
             */
            took_ms: number;
            /**
             * Format: int64
             * @description How old the last answer is; null if there is none yet
             */
            age_ms: number | null;
        };
    };
    responses: {
        /** @description The events */
        EventStream: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "text/event-stream": components["schemas"]["StreamEvent"];
            };
        };
        /** @description What went wrong */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The request has no valid key */
        Unauthorized: {
            headers: {
                /** @description How to authenticate */
                "WWW-Authenticate": string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The key does not have the scope that the operation needs, or its account is suspended */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The account or the address has too much under way */
        TooManyRequests: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A fault of the platform, whose log has the details under the request's id */
        Fault: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The platform, or something that it depends on, is down */
        Unavailable: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description The content. Ranges and conditional requests (RFC 9110) are supported; `ETag` is the content's own. A condition of `If-Match`
         *     that is not met is answered with 412, a range that the content does not have with 416.
         */
        Content: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/octet-stream": string;
            };
        };
        /** @description The job */
        AcceptedJob: {
            headers: {
                Location: components["headers"]["Location"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Job"];
            };
        };
        /**
         * @description The revision, which is now the project's current one. `ETag` is the tag of what was written, as reading it returns it: for one
         *     file the file's own, for all files the revision's.
         */
        NewRevision: {
            headers: {
                ETag: components["headers"]["ETag"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Revision"];
            };
        };
    };
    parameters: {
        /** @description The version of the protocol, `1.0.0`; others are answered 412 */
        TusResumable: string;
        Id: components["schemas"]["Id"];
        /** @description generation, build, export or analytics */
        KindInPath: string;
        RevisionInPath: components["schemas"]["Id"];
        KeyId: components["schemas"]["Id"];
        PlanName: string;
        /** @description The name of the template */
        TemplateName: string;
        /** @description Entity tags as in RFC 9110, or `*`. If none of them is that of the template, the answer is 412 and nothing changes. */
        TemplateIfMatch: string;
        /** @description The id of the endpoint */
        WebhookEndpointId: components["schemas"]["WebhookEndpointId"];
        /** @description The id of the delivery */
        WebhookDeliveryId: components["schemas"]["WebhookDeliveryId"];
        /** @description The same over all attempts and replays of what it tells */
        WebhookID: string;
        /** @description When it was sent, in seconds since 1970 */
        WebhookTimestamp: string;
        /** @description `v1,` or `v1a,` and base64, with spaces between several */
        WebhookSignature: string;
        /** @description Entity tags as in RFC 9110, or `*`. If none of them is that of the endpoint, the answer is 412 and nothing changes. */
        WebhookIfMatch: string;
        WebhookEndpointFilter: components["schemas"]["WebhookEndpointId"];
        WebhookJobFilter: components["schemas"]["Id"];
        /** @description A type of events */
        WebhookTypeFilter: string;
        WebhookStateFilter: components["schemas"]["WebhookDeliveryState"];
        /** @description Those that were made at this time or later */
        WebhookSince: string;
        /** @description Those that were made before this time */
        WebhookUntil: string;
        /** @description The name of the step */
        StepName: string;
        /** @description A relative path; its slashes need not be escaped */
        FilePath: string;
        RevisionId: components["schemas"]["Id"];
        ProjectId: components["schemas"]["Id"];
        Kind: components["schemas"]["JobKind"];
        Limit: number;
        /** @description The next_cursor of the previous page */
        Cursor: string;
        /** @description Which fields the objects of the page have, with commas between: `id,state,input.engine`. A dot leads into an object, or into each of a list. Without it they have all that are described; with it, no others. */
        Fields: string;
        /** @description The id of the account that a master key acts for, as an owner of it. Other keys act for their own account only. */
        ActFor: components["schemas"]["Id"];
        /**
         * @description `wait=N` waits up to N seconds, at most 60, for the job or operation to end (RFC 7240). If it has, the answer is 200 with it, otherwise
         *     that of a request without it.
         */
        Prefer: string;
        /**
         * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
         *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
         *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
         *     because of a concurrency key, is not remembered.
         */
        IdempotencyKey: string;
        /**
         * @description Entity tags as in RFC 9110, or `*`. A change to a file accepts the file's own tag, as returned by reading or writing it, or
         *     the revision's tag for the whole project (its id, as returned by listing the files); other changes accept only the
         *     revision's. If none of the tags is current, the answer is 412 and nothing changes.
         */
        IfMatch: string;
        /** @description Entity tags, or `*` to write only what does not exist yet. If a tag is current, the answer is 412 and nothing changes. */
        IfNoneMatch: string;
        /** @description The id of the last event received. Anything else is ignored. */
        LastEventId: string;
        /** @description For clients that cannot set the header, which takes precedence */
        StreamPosition: number;
        /** @description A browser token, for clients that cannot set headers, such as an EventSource. Keys are refused here. */
        BrowserToken: string;
    };
    requestBodies: never;
    headers: {
        /** @description What is left of the limit that leaves the least: `"key";r=594;t=1`, r requests at once, and all in t seconds. Only where there is a limit */
        RateLimit: string;
        /** @description That limit: `"key";q=600;w=60`, q requests in w seconds */
        RateLimitPolicy: string;
        /** @description Address of the new resource */
        Location: string;
        /** @description A strong entity tag, for If-Match and If-None-Match */
        ETag: string;
        /** @description The id of the request, for the platform's operators; that of the request's own `X-Request-Id`, if it has one of 1 to 64 letters, digits, `.`, `_` and `-` */
        RequestId: string;
        /** @description After how many seconds to try again */
        RetryAfter: number;
        /** @description The media types in which a PATCH of the same address takes changes, if it takes any (RFC 5789); in the answers to OPTIONS and with 415 as well */
        AcceptPatch: string;
        /** @description How many bytes have arrived */
        UploadOffset: number;
        /** @description When the upload is gone */
        UploadExpires: string;
        /** @description The asset that has become of the upload; absent before */
        AssetId: string;
        /** @description Whether the answer is that of an earlier request with the same `Idempotency-Key`; absent if it is not */
        IdempotentReplayed: boolean;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listProjects: {
        parameters: {
            query?: {
                /** @description A part of the name; its letters from A to Z may be capitals or not */
                search?: string;
                engine?: string;
                /** @description A label, `name:value` */
                label?: string;
                /** @description Those that were deleted and can be restored, instead of the others */
                deleted?: boolean;
                limit?: components["parameters"]["Limit"];
                /** @description The next_cursor of the previous page */
                cursor?: components["parameters"]["Cursor"];
                /** @description Which fields the objects of the page have, with commas between: `id,state,input.engine`. A dot leads into an object, or into each of a list. Without it they have all that are described; with it, no others. */
                fields?: components["parameters"]["Fields"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of projects */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    createProject: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewProject"];
            };
        };
        responses: {
            /** @description The project */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    importProject: {
        parameters: {
            query?: {
                /** @description The project's name; that of the zip's folder if it is missing */
                name?: string;
                /** @description As /v1/engines names it */
                engine?: string;
                /** @description The version to pin the project to */
                engine_version?: string;
            };
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/zip": string;
                "multipart/form-data": {
                    /** Format: binary */
                    file: string;
                };
            };
        };
        responses: {
            /** @description The project, its first revision, and what was left out */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportedProject"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getProject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The project */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    deleteProject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    changeProject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectChange"];
            };
        };
        responses: {
            /** @description The project */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    restoreProject: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The project */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    duplicateProject: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Duplication"];
            };
        };
        responses: {
            /** @description The new project */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    transferProject: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectTransfer"];
            };
        };
        responses: {
            /** @description The project, which is in the other account now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    changeFiles: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description Entity tags as in RFC 9110, or `*`. A change to a file accepts the file's own tag, as returned by reading or writing it, or
                 *     the revision's tag for the whole project (its id, as returned by listing the files); other changes accept only the
                 *     revision's. If none of the tags is current, the answer is 412 and nothing changes.
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Entity tags, or `*` to write only what does not exist yet. If a tag is current, the answer is 412 and nothing changes. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FileChanges"];
            };
        };
        responses: {
            200: components["responses"]["NewRevision"];
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getRevision: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
                revision: components["parameters"]["RevisionInPath"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The revision */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Revision"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    nameRevision: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
                revision: components["parameters"]["RevisionInPath"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RevisionName"];
            };
        };
        responses: {
            /** @description The revision */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Revision"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    restoreRevision: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description Entity tags as in RFC 9110, or `*`. A change to a file accepts the file's own tag, as returned by reading or writing it, or
                 *     the revision's tag for the whole project (its id, as returned by listing the files); other changes accept only the
                 *     revision's. If none of the tags is current, the answer is 412 and nothing changes.
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Entity tags, or `*` to write only what does not exist yet. If a tag is current, the answer is 412 and nothing changes. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                id: components["parameters"]["Id"];
                revision: components["parameters"]["RevisionInPath"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["NewRevision"];
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    previewMerge: {
        parameters: {
            query?: {
                /** @description What becomes of conflicts, as in the request that merges */
                conflicts?: components["schemas"]["ConflictPolicy"];
            };
            header?: never;
            path: {
                id: components["parameters"]["Id"];
                revision: components["parameters"]["RevisionInPath"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What would change, and what is in the way */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MergePreview"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    mergeRevision: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description Entity tags as in RFC 9110, or `*`. A change to a file accepts the file's own tag, as returned by reading or writing it, or
                 *     the revision's tag for the whole project (its id, as returned by listing the files); other changes accept only the
                 *     revision's. If none of the tags is current, the answer is 412 and nothing changes.
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Entity tags, or `*` to write only what does not exist yet. If a tag is current, the answer is 412 and nothing changes. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                id: components["parameters"]["Id"];
                revision: components["parameters"]["RevisionInPath"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NewMerge"];
            };
        };
        responses: {
            200: components["responses"]["NewRevision"];
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    diffRevision: {
        parameters: {
            query?: {
                base?: components["schemas"]["Id"];
            };
            header?: never;
            path: {
                id: components["parameters"]["Id"];
                revision: components["parameters"]["RevisionInPath"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The files that differ, by path */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RevisionDiff"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    downloadRevision: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
                revision: components["parameters"]["RevisionInPath"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The zip */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": string;
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listRevisions: {
        parameters: {
            query?: {
                limit?: components["parameters"]["Limit"];
                /** @description The next_cursor of the previous page */
                cursor?: components["parameters"]["Cursor"];
                /** @description Which fields the objects of the page have, with commas between: `id,state,input.engine`. A dot leads into an object, or into each of a list. Without it they have all that are described; with it, no others. */
                fields?: components["parameters"]["Fields"];
            };
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of revisions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RevisionList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listFiles: {
        parameters: {
            query?: {
                revision_id?: components["parameters"]["RevisionId"];
            };
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The files */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileList"];
                };
            };
            /** @description The caller already has this revision, by `If-None-Match` */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    replaceFiles: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Entity tags as in RFC 9110, or `*`. A change to a file accepts the file's own tag, as returned by reading or writing it, or
                 *     the revision's tag for the whole project (its id, as returned by listing the files); other changes accept only the
                 *     revision's. If none of the tags is current, the answer is 412 and nothing changes.
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Entity tags, or `*` to write only what does not exist yet. If a tag is current, the answer is 412 and nothing changes. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewFiles"];
            };
        };
        responses: {
            200: components["responses"]["NewRevision"];
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    readFile: {
        parameters: {
            query?: {
                revision_id?: components["parameters"]["RevisionId"];
            };
            header?: never;
            path: {
                id: components["parameters"]["Id"];
                /** @description A relative path; its slashes need not be escaped */
                path: components["parameters"]["FilePath"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Content"];
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    writeFile: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Entity tags as in RFC 9110, or `*`. A change to a file accepts the file's own tag, as returned by reading or writing it, or
                 *     the revision's tag for the whole project (its id, as returned by listing the files); other changes accept only the
                 *     revision's. If none of the tags is current, the answer is 412 and nothing changes.
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Entity tags, or `*` to write only what does not exist yet. If a tag is current, the answer is 412 and nothing changes. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                id: components["parameters"]["Id"];
                /** @description A relative path; its slashes need not be escaped */
                path: components["parameters"]["FilePath"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            200: components["responses"]["NewRevision"];
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    deleteFile: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Entity tags as in RFC 9110, or `*`. A change to a file accepts the file's own tag, as returned by reading or writing it, or
                 *     the revision's tag for the whole project (its id, as returned by listing the files); other changes accept only the
                 *     revision's. If none of the tags is current, the answer is 412 and nothing changes.
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Entity tags, or `*` to write only what does not exist yet. If a tag is current, the answer is 412 and nothing changes. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                id: components["parameters"]["Id"];
                /** @description A relative path; its slashes need not be escaped */
                path: components["parameters"]["FilePath"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The revision, which is now the project's current one */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Revision"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    patchFile: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Entity tags as in RFC 9110, or `*`. A change to a file accepts the file's own tag, as returned by reading or writing it, or
                 *     the revision's tag for the whole project (its id, as returned by listing the files); other changes accept only the
                 *     revision's. If none of the tags is current, the answer is 412 and nothing changes.
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Entity tags, or `*` to write only what does not exist yet. If a tag is current, the answer is 412 and nothing changes. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                id: components["parameters"]["Id"];
                /** @description A relative path; its slashes need not be escaped */
                path: components["parameters"]["FilePath"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json-patch+json": {
                    [key: string]: unknown;
                }[];
                "application/merge-patch+json": {
                    [key: string]: unknown;
                };
                "text/x-diff": string;
                "text/x-patch": string;
            };
        };
        responses: {
            200: components["responses"]["NewRevision"];
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listJobs: {
        parameters: {
            query?: {
                state?: components["schemas"]["JobState"];
                kind?: components["parameters"]["Kind"];
                project_id?: components["parameters"]["ProjectId"];
                pipeline_id?: components["schemas"]["Id"];
                end_user?: string;
                /** @description The code of the job's error */
                error_code?: components["schemas"]["ErrorCode"];
                concurrency_key?: string;
                /**
                 * @description What its metadata has, as `KEY:VALUE`, of several with a comma between: the string, the number or the boolean that is written so. A
                 *     backslash makes a comma, a colon or a backslash a part of a key or a value. At most five.
                 * @example order:1017,tier:gold
                 */
                metadata?: string;
                /** @description The key or the person who submitted it, by id */
                submitter?: components["schemas"]["Id"];
                created_from?: string;
                /** @description Exclusive */
                created_to?: string;
                run_at_from?: string;
                /** @description Exclusive */
                run_at_to?: string;
                /** @description Jobs that do not expire are in no range */
                expires_at_from?: string;
                /** @description Exclusive */
                expires_at_to?: string;
                limit?: components["parameters"]["Limit"];
                /** @description The next_cursor of the previous page */
                cursor?: components["parameters"]["Cursor"];
                /** @description Which fields the objects of the page have, with commas between: `id,state,input.engine`. A dot leads into an object, or into each of a list. Without it they have all that are described; with it, no others. */
                fields?: components["parameters"]["Fields"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of jobs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    submitJob: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description `wait=N` waits up to N seconds, at most 60, for the job or operation to end (RFC 7240). If it has, the answer is 200 with it, otherwise
                 *     that of a request without it.
                 */
                Prefer?: components["parameters"]["Prefer"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewJob"];
            };
        };
        responses: {
            /**
             * @description The job has ended while the request waited for it (`Prefer`). Or nothing was submitted, since another has the concurrency key and the
             *     policy is `skip`: the job that has it, or the first that has not ended of the pipeline that has it
             */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            202: components["responses"]["AcceptedJob"];
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getJob: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description `wait=N` waits up to N seconds, at most 60, for the job or operation to end (RFC 7240). If it has, the answer is 200 with it, otherwise
                 *     that of a request without it.
                 */
                Prefer?: components["parameters"]["Prefer"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    cancelJob: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: components["responses"]["AcceptedJob"];
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    retryJob: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: components["responses"]["AcceptedJob"];
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listJobEvents: {
        parameters: {
            query?: {
                /** @description The `seq` of the last event that was read */
                after?: number;
                wait?: number;
                limit?: components["parameters"]["Limit"];
            };
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobEventList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    streamJobEvents: {
        parameters: {
            query?: {
                /** @description For clients that cannot set the header; the header takes precedence */
                last_event_id?: string;
                /** @description A browser token, for clients that cannot set headers, such as an EventSource. Keys are refused here. */
                token?: components["parameters"]["BrowserToken"];
            };
            header?: {
                /** @description The id of the last event received. Anything else is ignored. */
                "Last-Event-ID"?: components["parameters"]["LastEventId"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["JobEvent"];
                };
            };
            /** @description The job has ended, and the client has received every event */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    streamEvents: {
        parameters: {
            query?: {
                /** @description For clients that cannot set the header, which takes precedence */
                last_event_id?: components["parameters"]["StreamPosition"];
            };
            header?: {
                /** @description The id of the last event received. Anything else is ignored. */
                "Last-Event-ID"?: components["parameters"]["LastEventId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["EventStream"];
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    streamProjectEvents: {
        parameters: {
            query?: {
                /** @description For clients that cannot set the header, which takes precedence */
                last_event_id?: components["parameters"]["StreamPosition"];
                /** @description A browser token, for clients that cannot set headers, such as an EventSource. Keys are refused here. */
                token?: components["parameters"]["BrowserToken"];
            };
            header?: {
                /** @description The id of the last event received. Anything else is ignored. */
                "Last-Event-ID"?: components["parameters"]["LastEventId"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["EventStream"];
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listPipelines: {
        parameters: {
            query?: {
                project_id?: components["parameters"]["ProjectId"];
                end_user?: string;
                created_from?: string;
                /** @description Exclusive */
                created_to?: string;
                limit?: components["parameters"]["Limit"];
                /** @description The next_cursor of the previous page */
                cursor?: components["parameters"]["Cursor"];
                /** @description Which fields the objects of the page have, with commas between: `id,state,input.engine`. A dot leads into an object, or into each of a list. Without it they have all that are described; with it, no others. */
                fields?: components["parameters"]["Fields"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of pipelines */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PipelineList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    submitPipeline: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description `wait=N` waits up to N seconds, at most 60, for the job or operation to end (RFC 7240). If it has, the answer is 200 with it, otherwise
                 *     that of a request without it.
                 */
                Prefer?: components["parameters"]["Prefer"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPipeline"];
            };
        };
        responses: {
            /**
             * @description The pipeline has ended while the request waited for it (`Prefer`). Or nothing was submitted, since another pipeline has the concurrency key and the policy is `skip`: that pipeline. If a job has
             *     the key, the answer is 409 with the code `key_held`.
             */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pipeline"];
                };
            };
            /** @description The pipeline; its jobs are in the order of the steps */
            202: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pipeline"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getPipeline: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description `wait=N` waits up to N seconds, at most 60, for the job or operation to end (RFC 7240). If it has, the answer is 200 with it, otherwise
                 *     that of a request without it.
                 */
                Prefer?: components["parameters"]["Prefer"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The pipeline */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pipeline"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    cancelPipeline: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The pipeline */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pipeline"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    retryPipeline: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The pipeline */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pipeline"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    approveStep: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["parameters"]["Id"];
                /** @description The name of the step */
                name: components["parameters"]["StepName"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NewDecision"];
            };
        };
        responses: {
            /** @description The pipeline */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pipeline"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    rejectStep: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["parameters"]["Id"];
                /** @description The name of the step */
                name: components["parameters"]["StepName"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NewDecision"];
            };
        };
        responses: {
            /** @description The pipeline */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pipeline"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    streamPipelineEvents: {
        parameters: {
            query?: {
                /** @description For clients that cannot set the header, which takes precedence */
                last_event_id?: components["parameters"]["StreamPosition"];
                /** @description A browser token, for clients that cannot set headers, such as an EventSource. Keys are refused here. */
                token?: components["parameters"]["BrowserToken"];
            };
            header?: {
                /** @description The id of the last event received. Anything else is ignored. */
                "Last-Event-ID"?: components["parameters"]["LastEventId"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["EventStream"];
            /** @description The pipeline has ended, and the client has received every event */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listOperations: {
        parameters: {
            query?: {
                project_id?: components["parameters"]["ProjectId"];
                limit?: components["parameters"]["Limit"];
                /** @description The next_cursor of the previous page */
                cursor?: components["parameters"]["Cursor"];
                /** @description Which fields the objects of the page have, with commas between: `id,state,input.engine`. A dot leads into an object, or into each of a list. Without it they have all that are described; with it, no others. */
                fields?: components["parameters"]["Fields"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of operations */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOperationList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    createOperation: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description `wait=N` waits up to N seconds, at most 60, for the job or operation to end (RFC 7240). If it has, the answer is 200 with it, otherwise
                 *     that of a request without it.
                 */
                Prefer?: components["parameters"]["Prefer"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewJobOperation"];
            };
        };
        responses: {
            /** @description The operation has ended while the request waited for it (`Prefer`) */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOperation"];
                };
            };
            /** @description The operation, which is under way */
            202: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOperation"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getOperation: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description `wait=N` waits up to N seconds, at most 60, for the job or operation to end (RFC 7240). If it has, the answer is 200 with it, otherwise
                 *     that of a request without it.
                 */
                Prefer?: components["parameters"]["Prefer"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The operation */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOperation"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    cancelOperation: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The operation */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOperation"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listArtifacts: {
        parameters: {
            query?: {
                kind?: components["schemas"]["ArtifactKind"];
                project_id?: components["parameters"]["ProjectId"];
                job_id?: components["schemas"]["Id"];
                limit?: components["parameters"]["Limit"];
                /** @description The next_cursor of the previous page */
                cursor?: components["parameters"]["Cursor"];
                /** @description Which fields the objects of the page have, with commas between: `id,state,input.engine`. A dot leads into an object, or into each of a list. Without it they have all that are described; with it, no others. */
                fields?: components["parameters"]["Fields"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of artifacts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ArtifactList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getArtifact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The artifact */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ArtifactWithFiles"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getProvenance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The envelope */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.dsse.envelope.v1+json": components["schemas"]["Envelope"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listSigningKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The keys */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SigningKeyList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    downloadArtifact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Content"];
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    readArtifactFile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
                /** @description A relative path; its slashes need not be escaped */
                path: components["parameters"]["FilePath"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Content"];
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listEngines: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Sorted by name; of each engine the default version first, then from the newest to the oldest */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EngineList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getPool: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One entry per worker */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PoolWorkerList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    eraseEndUser: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndUserErasure"];
            };
        };
        responses: {
            /** @description How much was erased */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasedEndUser"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getUsage: {
        parameters: {
            query?: {
                end_user?: string;
                period?: components["schemas"]["Period"];
                kind?: components["parameters"]["Kind"];
                from?: string;
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The buckets */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    reportUsage: {
        parameters: {
            query?: {
                interval?: components["schemas"]["Period"];
                /** @description `kind`, `project_id` and `end_user`, or some of them, with commas between */
                group_by?: string;
                kind?: components["parameters"]["Kind"];
                project_id?: components["parameters"]["ProjectId"];
                end_user?: string;
                from?: string;
                /** @description Exclusive */
                to?: string;
                /** @description `csv` is that of RFC 4180; a text that a spreadsheet could take for a formula stands after an apostrophe */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The report */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageReport"];
                    "text/csv": string;
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listSchedules: {
        parameters: {
            query?: {
                project_id?: components["parameters"]["ProjectId"];
                limit?: components["parameters"]["Limit"];
                /** @description The next_cursor of the previous page */
                cursor?: components["parameters"]["Cursor"];
                /** @description Which fields the objects of the page have, with commas between: `id,state,input.engine`. A dot leads into an object, or into each of a list. Without it they have all that are described; with it, no others. */
                fields?: components["parameters"]["Fields"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of schedules */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    createSchedule: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSchedule"];
            };
        };
        responses: {
            /** @description The schedule */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    previewSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScheduleTimes"];
            };
        };
        responses: {
            /** @description Its next times */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleRuns"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schedule */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    deleteSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    changeSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScheduleChange"];
            };
        };
        responses: {
            /** @description The schedule */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    runSchedule: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was submitted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Firing"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listFirings: {
        parameters: {
            query?: {
                limit?: components["parameters"]["Limit"];
                /** @description The next_cursor of the previous page */
                cursor?: components["parameters"]["Cursor"];
                /** @description Which fields the objects of the page have, with commas between: `id,state,input.engine`. A dot leads into an object, or into each of a list. Without it they have all that are described; with it, no others. */
                fields?: components["parameters"]["Fields"];
            };
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of firings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FiringList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listTemplates: {
        parameters: {
            query?: {
                limit?: components["parameters"]["Limit"];
                /** @description The next_cursor of the previous page */
                cursor?: components["parameters"]["Cursor"];
                /** @description Which fields the objects of the page have, with commas between: `id,state,input.engine`. A dot leads into an object, or into each of a list. Without it they have all that are described; with it, no others. */
                fields?: components["parameters"]["Fields"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of templates, without their steps */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemplateList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    createTemplate: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTemplate"];
            };
        };
        responses: {
            /** @description The template */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Template"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getTemplate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the template */
                name: components["parameters"]["TemplateName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The template */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Template"];
                };
            };
            /** @description The caller already has this version, by `If-None-Match` */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    deleteTemplate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Entity tags as in RFC 9110, or `*`. If none of them is that of the template, the answer is 412 and nothing changes. */
                "If-Match"?: components["parameters"]["TemplateIfMatch"];
            };
            path: {
                /** @description The name of the template */
                name: components["parameters"]["TemplateName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    changeTemplate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Entity tags as in RFC 9110, or `*`. If none of them is that of the template, the answer is 412 and nothing changes. */
                "If-Match"?: components["parameters"]["TemplateIfMatch"];
            };
            path: {
                /** @description The name of the template */
                name: components["parameters"]["TemplateName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TemplateChange"];
            };
        };
        responses: {
            /** @description The template */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Template"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listWebhookEventTypes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The catalogue */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEventTypes"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listWebhookEndpoints: {
        parameters: {
            query?: {
                project_id?: components["parameters"]["ProjectId"];
                limit?: components["parameters"]["Limit"];
                /** @description The next_cursor of the previous page */
                cursor?: components["parameters"]["Cursor"];
                /** @description Which fields the objects of the page have, with commas between: `id,state,input.engine`. A dot leads into an object, or into each of a list. Without it they have all that are described; with it, no others. */
                fields?: components["parameters"]["Fields"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of endpoints */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpointList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    createWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewWebhookEndpoint"];
            };
        };
        responses: {
            /** @description The endpoint */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpoint"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the endpoint */
                id: components["parameters"]["WebhookEndpointId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The endpoint */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpoint"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    deleteWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: {
                /** @description Entity tags as in RFC 9110, or `*`. If none of them is that of the endpoint, the answer is 412 and nothing changes. */
                "If-Match"?: components["parameters"]["WebhookIfMatch"];
            };
            path: {
                /** @description The id of the endpoint */
                id: components["parameters"]["WebhookEndpointId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    changeWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: {
                /** @description Entity tags as in RFC 9110, or `*`. If none of them is that of the endpoint, the answer is 412 and nothing changes. */
                "If-Match"?: components["parameters"]["WebhookIfMatch"];
            };
            path: {
                /** @description The id of the endpoint */
                id: components["parameters"]["WebhookEndpointId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookEndpointChange"];
            };
        };
        responses: {
            /** @description The endpoint */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpoint"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listWebhookSecrets: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the endpoint */
                id: components["parameters"]["WebhookEndpointId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The secrets */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookSecretList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description The id of the endpoint */
                id: components["parameters"]["WebhookEndpointId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookRotation"];
            };
        };
        responses: {
            /** @description The new secret */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookSecret"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getWebhookHealth: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the endpoint */
                id: components["parameters"]["WebhookEndpointId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its last 24 hours */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookHealth"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    testWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description The id of the endpoint */
                id: components["parameters"]["WebhookEndpointId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookTest"];
            };
        };
        responses: {
            /** @description The delivery */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    replayWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description The id of the endpoint */
                id: components["parameters"]["WebhookEndpointId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookReplay"];
            };
        };
        responses: {
            /** @description How many */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookReplayed"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listDefaultWebhookSecrets: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The secrets */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookSecretList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    rotateDefaultWebhookSecret: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookRotation"];
            };
        };
        responses: {
            /** @description The new secret */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookSecret"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listWebhookDeliveries: {
        parameters: {
            query?: {
                endpoint_id?: components["parameters"]["WebhookEndpointFilter"];
                project_id?: components["parameters"]["ProjectId"];
                job_id?: components["parameters"]["WebhookJobFilter"];
                /** @description A type of events */
                type?: components["parameters"]["WebhookTypeFilter"];
                state?: components["parameters"]["WebhookStateFilter"];
                /** @description Those that were made at this time or later */
                since?: components["parameters"]["WebhookSince"];
                /** @description Those that were made before this time */
                until?: components["parameters"]["WebhookUntil"];
                limit?: components["parameters"]["Limit"];
                /** @description The next_cursor of the previous page */
                cursor?: components["parameters"]["Cursor"];
                /** @description Which fields the objects of the page have, with commas between: `id,state,input.engine`. A dot leads into an object, or into each of a list. Without it they have all that are described; with it, no others. */
                fields?: components["parameters"]["Fields"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of deliveries */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDeliveryList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getWebhookDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the delivery */
                id: components["parameters"]["WebhookDeliveryId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery, with what it tells */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDeliveryDetail"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listWebhookAttempts: {
        parameters: {
            query?: {
                limit?: components["parameters"]["Limit"];
                /** @description The next_cursor of the previous page */
                cursor?: components["parameters"]["Cursor"];
                /** @description Which fields the objects of the page have, with commas between: `id,state,input.engine`. A dot leads into an object, or into each of a list. Without it they have all that are described; with it, no others. */
                fields?: components["parameters"]["Fields"];
            };
            header?: never;
            path: {
                /** @description The id of the delivery */
                id: components["parameters"]["WebhookDeliveryId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of attempts, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookAttemptList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    replayWebhookDelivery: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description The id of the delivery */
                id: components["parameters"]["WebhookDeliveryId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listAssets: {
        parameters: {
            query?: {
                /** @description Only those of a kind, such as `png` */
                kind?: string;
                /** @description Only those whose names have this in them, in either case */
                name?: string;
                limit?: components["parameters"]["Limit"];
                /** @description The next_cursor of the previous page */
                cursor?: components["parameters"]["Cursor"];
                /** @description Which fields the objects of the page have, with commas between: `id,state,input.engine`. A dot leads into an object, or into each of a list. Without it they have all that are described; with it, no others. */
                fields?: components["parameters"]["Fields"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of assets */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssetList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    createAsset: {
        parameters: {
            query?: {
                /** @description The file's name, such as `hero.png`; that in the form if it is missing */
                name?: string;
            };
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
                "multipart/form-data": {
                    /** Format: binary */
                    file: string;
                };
            };
        };
        responses: {
            /** @description The asset that has the same content */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Asset"];
                };
            };
            /** @description The asset */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Asset"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getAsset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The asset */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Asset"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    deleteAsset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    changeAsset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AssetChange"];
            };
        };
        responses: {
            /** @description The asset */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Asset"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    readAsset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Content"];
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    readAssetThumbnail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Content"];
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listAssetUploads: {
        parameters: {
            query?: {
                limit?: components["parameters"]["Limit"];
                /** @description The next_cursor of the previous page */
                cursor?: components["parameters"]["Cursor"];
                /** @description Which fields the objects of the page have, with commas between: `id,state,input.engine`. A dot leads into an object, or into each of a list. Without it they have all that are described; with it, no others. */
                fields?: components["parameters"]["Fields"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of uploads */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssetUploadList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    createAssetUpload: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version of the protocol, `1.0.0`; others are answered 412 */
                "Tus-Resumable"?: components["parameters"]["TusResumable"];
                /** @description How many bytes the file has */
                "Upload-Length"?: number;
                /** @description 1 if that comes with a later part */
                "Upload-Defer-Length"?: number;
                /** @description Keys, each with its value in Base64, and commas between: `filename aGVyby5wbmc=` */
                "Upload-Metadata"?: string;
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/offset+octet-stream": string;
            };
        };
        responses: {
            /** @description The upload */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    "Upload-Offset": components["headers"]["UploadOffset"];
                    "Upload-Expires": components["headers"]["UploadExpires"];
                    "Spark-Asset-Id": components["headers"]["AssetId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssetUpload"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getAssetUpload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The upload */
            200: {
                headers: {
                    "Upload-Offset": components["headers"]["UploadOffset"];
                    "Upload-Expires": components["headers"]["UploadExpires"];
                    "Spark-Asset-Id": components["headers"]["AssetId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssetUpload"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    deleteAssetUpload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    appendAssetUpload: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version of the protocol, `1.0.0`; others are answered 412 */
                "Tus-Resumable"?: components["parameters"]["TusResumable"];
                /** @description Where the body begins */
                "Upload-Offset"?: number;
                /** @description How many bytes the file has, if that was not known before */
                "Upload-Length"?: number;
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/offset+octet-stream": string;
            };
        };
        responses: {
            /** @description It has arrived */
            204: {
                headers: {
                    "Upload-Offset": components["headers"]["UploadOffset"];
                    "Upload-Expires": components["headers"]["UploadExpires"];
                    "Spark-Asset-Id": components["headers"]["AssetId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getAccount: {
        parameters: {
            query?: {
                /** @description Also what this end user has used of the quotas of each */
                end_user?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountOverview"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    deleteAccount: {
        parameters: {
            query: {
                /** @description The account's id */
                confirm: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    exportAccount: {
        parameters: {
            query?: {
                /** @description With the files of builds and exports */
                artifacts?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The zip */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": string;
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listKeys: {
        parameters: {
            query?: {
                limit?: components["parameters"]["Limit"];
                /** @description The next_cursor of the previous page */
                cursor?: components["parameters"]["Cursor"];
                /** @description Which fields the objects of the page have, with commas between: `id,state,input.engine`. A dot leads into an object, or into each of a list. Without it they have all that are described; with it, no others. */
                fields?: components["parameters"]["Fields"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of keys */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    createKey: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewKey"];
            };
        };
        responses: {
            /** @description The key, with its text */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyWithText"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Key"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    revokeKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is revoked */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    rotateKey: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["KeyRotation"];
            };
        };
        responses: {
            /** @description The new key, with its text */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyWithText"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    createToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewToken"];
            };
        };
        responses: {
            /** @description The token */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Token"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    eraseMe: {
        parameters: {
            query: {
                /** @description The person's own id */
                confirm: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The person is erased */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    leaveAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The membership has ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listMyKeys: {
        parameters: {
            query?: {
                limit?: components["parameters"]["Limit"];
                /** @description The next_cursor of the previous page */
                cursor?: components["parameters"]["Cursor"];
                /** @description Which fields the objects of the page have, with commas between: `id,state,input.engine`. A dot leads into an object, or into each of a list. Without it they have all that are described; with it, no others. */
                fields?: components["parameters"]["Fields"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of keys */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MyKeyList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    revokeMyKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key does not work any more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listSessions: {
        parameters: {
            query?: {
                limit?: components["parameters"]["Limit"];
                /** @description The next_cursor of the previous page */
                cursor?: components["parameters"]["Cursor"];
                /** @description Which fields the objects of the page have, with commas between: `id,state,input.engine`. A dot leads into an object, or into each of a list. Without it they have all that are described; with it, no others. */
                fields?: components["parameters"]["Fields"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of sessions, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    endSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All sessions have ended, with this one */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session has ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listMembers: {
        parameters: {
            query?: {
                limit?: components["parameters"]["Limit"];
                /** @description The next_cursor of the previous page */
                cursor?: components["parameters"]["Cursor"];
                /** @description Which fields the objects of the page have, with commas between: `id,state,input.engine`. A dot leads into an object, or into each of a list. Without it they have all that are described; with it, no others. */
                fields?: components["parameters"]["Fields"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of members, newest users first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The member */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    removeMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The membership has ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    changeMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MemberChange"];
            };
        };
        responses: {
            /** @description The member */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    acceptInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InvitationToken"];
            };
        };
        responses: {
            /** @description The account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MyAccount"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listInvitations: {
        parameters: {
            query?: {
                limit?: components["parameters"]["Limit"];
                /** @description The next_cursor of the previous page */
                cursor?: components["parameters"]["Cursor"];
                /** @description Which fields the objects of the page have, with commas between: `id,state,input.engine`. A dot leads into an object, or into each of a list. Without it they have all that are described; with it, no others. */
                fields?: components["parameters"]["Fields"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of invitations */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    createInvitation: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewInvitation"];
            };
        };
        responses: {
            /** @description The invitation, with its link */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationWithLink"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The invitation */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invitation"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    revokeInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It cannot be accepted any more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listUsers: {
        parameters: {
            query?: {
                limit?: components["parameters"]["Limit"];
                /** @description The next_cursor of the previous page */
                cursor?: components["parameters"]["Cursor"];
                /** @description Which fields the objects of the page have, with commas between: `id,state,input.engine`. A dot leads into an object, or into each of a list. Without it they have all that are described; with it, no others. */
                fields?: components["parameters"]["Fields"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of users, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    eraseUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user is erased */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    changeUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserChange"];
            };
        };
        responses: {
            /** @description The user */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listAudit: {
        parameters: {
            query?: {
                action?: string;
                /** @description The id of a key or a user */
                actor?: components["schemas"]["Id"];
                end_user?: string;
                resource_id?: string;
                /** @description Only what was done, or only what was refused */
                outcome?: components["schemas"]["AuditOutcome"];
                from?: string;
                /** @description Exclusive */
                to?: string;
                limit?: components["parameters"]["Limit"];
                /** @description The next_cursor of the previous page */
                cursor?: components["parameters"]["Cursor"];
                /** @description Which fields the objects of the page have, with commas between: `id,state,input.engine`. A dot leads into an object, or into each of a list. Without it they have all that are described; with it, no others. */
                fields?: components["parameters"]["Fields"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of entries */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    exportAudit: {
        parameters: {
            query?: {
                /** @description The `sequence` of the last entry that is there already */
                after?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An AuditEntry in each line, perhaps after a checkpoint */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getAuditAnchor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The anchor */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditAnchor"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listAllAudit: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["Id"];
                action?: string;
                /** @description The id of a key or a user */
                actor?: components["schemas"]["Id"];
                end_user?: string;
                resource_id?: string;
                /** @description Only what was done, or only what was refused */
                outcome?: components["schemas"]["AuditOutcome"];
                from?: string;
                /** @description Exclusive */
                to?: string;
                limit?: components["parameters"]["Limit"];
                /** @description The next_cursor of the previous page */
                cursor?: components["parameters"]["Cursor"];
                /** @description Which fields the objects of the page have, with commas between: `id,state,input.engine`. A dot leads into an object, or into each of a list. Without it they have all that are described; with it, no others. */
                fields?: components["parameters"]["Fields"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of entries */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listAccounts: {
        parameters: {
            query?: {
                limit?: components["parameters"]["Limit"];
                /** @description The next_cursor of the previous page */
                cursor?: components["parameters"]["Cursor"];
                /** @description Which fields the objects of the page have, with commas between: `id,state,input.engine`. A dot leads into an object, or into each of a list. Without it they have all that are described; with it, no others. */
                fields?: components["parameters"]["Fields"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of accounts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    createAccount: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewAccount"];
            };
        };
        responses: {
            /** @description The account */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    readAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountOverview"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    deleteAnyAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    changeAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountChange"];
            };
        };
        responses: {
            /** @description The account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    restoreAccount: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listAccountKeys: {
        parameters: {
            query?: {
                limit?: components["parameters"]["Limit"];
                /** @description The next_cursor of the previous page */
                cursor?: components["parameters"]["Cursor"];
                /** @description Which fields the objects of the page have, with commas between: `id,state,input.engine`. A dot leads into an object, or into each of a list. Without it they have all that are described; with it, no others. */
                fields?: components["parameters"]["Fields"];
            };
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of keys */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    createAccountKey: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewKey"];
            };
        };
        responses: {
            /** @description The key, with its text */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyWithText"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getAccountKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
                key: components["parameters"]["KeyId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Key"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    revokeAccountKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
                key: components["parameters"]["KeyId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is revoked */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    pauseAccount: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    resumeAccount: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listQueues: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The queues */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    pauseKind: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description generation, build, export or analytics */
                kind: components["parameters"]["KindInPath"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PauseReason"];
            };
        };
        responses: {
            /** @description The pause */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KindPause"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    resumeKind: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description generation, build, export or analytics */
                kind: components["parameters"]["KindInPath"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The pause that is no more */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KindPause"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getFlow: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Flow"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listStuckJobs: {
        parameters: {
            query?: {
                /** @description Only those */
                reason?: components["schemas"]["StuckReason"];
                /** @description For how many seconds nothing must have happened; 300 by default */
                older_than?: number;
                limit?: components["parameters"]["Limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The jobs, by reason, those that have been stuck for longest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StuckJobList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    cancelAnyJob: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: components["responses"]["AcceptedJob"];
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    retryAnyJob: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: components["responses"]["AcceptedJob"];
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listWorkers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The workers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkerList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    drainWorker: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The worker */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Worker"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    resumeWorker: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 characters that you choose at random. A repetition of the request with the same key, within 24 hours, has no effect and gets
                 *     the same answer, with `Idempotent-Replayed: true`. Another request with the key is answered with 422 and `idempotency_mismatch`, a
                 *     repetition while the first is being answered with 409 and `idempotency_in_flight`. What is refused, or skipped
                 *     because of a concurrency key, is not remembered.
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The worker */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Worker"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listPlans: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The plans */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getPlan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: components["parameters"]["PlanName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The plan */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Plan"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    putPlan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: components["parameters"]["PlanName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlanLimits"];
            };
        };
        responses: {
            /** @description The plan, which was changed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Plan"];
                };
            };
            /** @description The plan, which is new */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Plan"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    deletePlan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: components["parameters"]["PlanName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    openGame: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                artifact: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Redirects to the same address with a slash, which the game's relative paths need */
            308: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    play: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                artifact: components["schemas"]["Id"];
                /** @description A relative path; its slashes need not be escaped */
                path: components["parameters"]["FilePath"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Content"];
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getEngineModule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sha256: string;
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Content"];
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    healthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The process is alive */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            "4XX": components["responses"]["Problem"];
        };
    };
    readyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All dependencies are up */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description At least one dependency is down */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            "4XX": components["responses"]["Problem"];
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The metrics */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            "4XX": components["responses"]["Problem"];
        };
    };
    getDocument: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description This document */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/yaml": string;
                };
            };
            /** @description The caller already has it, by `If-None-Match` */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
        };
    };
    getDocumentJSON: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description This document */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The caller already has it, by `If-None-Match` */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
        };
    };
    getReference: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description The caller already has it, by `If-None-Match` */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
        };
    };
    getReferenceStyle: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The style */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "text/css": string;
                };
            };
            /** @description The caller already has it, by `If-None-Match` */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
        };
    };
    adminQueues: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    adminJobs: {
        parameters: {
            query?: {
                state?: components["schemas"]["JobState"];
                kind?: components["schemas"]["JobKind"];
                /** @description An error code. */
                code?: string;
                /** @description An account's id. */
                account?: components["schemas"]["Id"];
                /** @description The id of the last job of the previous page. */
                before?: components["schemas"]["Id"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    adminJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    readAdminQueues: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A relative path; its slashes need not be escaped */
                path: components["parameters"]["FilePath"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    changeAdminQueues: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A relative path; its slashes need not be escaped */
                path: components["parameters"]["FilePath"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    deleteAdminQueues: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A relative path; its slashes need not be escaped */
                path: components["parameters"]["FilePath"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
}
