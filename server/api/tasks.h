#pragma once
// The overlord's API of tasks, under /druid/indexer/v1:
//   POST /task                                    a specification; {"task": id}
//   GET  /task/{id}[/status|/reports|/segments]
//   GET  /task/{id}/log[?offset=BYTES]            text; a negative offset counts from the end
//   POST /task/{id}/shutdown
//   POST /datasources/{name}/shutdownAllTasks
//   POST /taskStatus                              ids; their states
//   GET  /tasks[?state=][&datasource=][&type=][&max=][&createdTimeInterval=], /waitingTasks, /pendingTasks,
//        /runningTasks[?type=], /completeTasks[?n=]

#include "server/api/task_directory.h"
#include "server/http/router.h"

namespace sarsen::server {

/// REQUIRES: `tasks` outlives the router.
void add_task_routes(Router& router, const TaskDirectory& tasks);

}  // namespace sarsen::server
