#!/bin/sh
# Echo without any tool: messages of the harness have no space between their tokens.

while IFS= read -r line; do
    src=${line#*'"src":"'} src=${src%%'"'*}
    body=${line#*'"body":'}
    msg_id=${body#*'"msg_id":'} msg_id=${msg_id%%[,\}]*}
    case $body in
    *'"type":"init"'*)
        node=${body#*'"node_id":"'} node=${node%%'"'*}
        answer='"type":"init_ok"'
        ;;
    *'"type":"echo"'*)
        echo=${body#*'"echo":"'} echo=${echo%%'"'*}
        answer='"type":"echo_ok","echo":"'$echo'"'
        ;;
    esac
    printf '{"src":"%s","dest":"%s","body":{%s,"in_reply_to":%s}}\n' \
        "$node" "$src" "$answer" "$msg_id"
done
