complete --keep-order --exclusive --command livectl --arguments "(COMPLETE=fish livectl -- (commandline --current-process --tokenize --cut-at-cursor) (commandline --current-token))"
