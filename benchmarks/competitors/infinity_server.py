"""Infinity on its torch engine, all else its defaults; run by the Python of its own virtual environment.

Its command line is one uvicorn call around `create_server`; it is called here without the command line,
which some versions of click break. Imports nothing of this project.
"""

import sys

import uvicorn
from infinity_emb.args import EngineArgs
from infinity_emb.infinity_server import create_server
from infinity_emb.primitives import Device, InferenceEngine

if __name__ == "__main__":
    folder, port = sys.argv[1:]
    arguments = EngineArgs(
        model_name_or_path=folder,
        engine=InferenceEngine.torch,
        device=Device.cpu,
        served_model_name="scamscreen",
        bettertransformer=False,
    )
    uvicorn.run(
        create_server(engine_args_list=[arguments]), port=int(port), log_level="warning", http="httptools"
    )
